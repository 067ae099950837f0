"""Brings a generated repository to where it is reviewed: a branch, a pull request, what CI reads."""
