"""scipy, PyTorch, Keras and the names of Python 2, before and after."""

import pytest
from repair_cases import repaired

CASES = [
    (
        "scipy-moved-names",
        "from scipy.misc import comb, imread",
        "from scipy.special import comb\nfrom matplotlib.pyplot import imread",
    ),
    ("scipy-moved-names", "a = scipy.mean(x)", "a = np.mean(x)"),
    ("scipy-binom-test", "p = scipy.stats.binom_test(3, 9)", "p = scipy.stats.binomtest(3, 9).pvalue"),
    ("torch-data-index", "total += loss.data[0]", "total += loss.item()"),
    ("torch-volatile", "v = Variable(x, volatile=True)", "v = Variable(x)"),
    ("keras-learning-rate", "o = Adam(lr=0.1)", "o = Adam(learning_rate=0.1)"),
    ("python2-names", "for i in xrange(3):\n    f(unicode(i))", "for i in range(3):\n    f(str(i))"),
    ("python2-names", "t = reduce(f, x)", "from functools import reduce\nt = reduce(f, x)"),
    ("python2-dict-methods", "a = d.has_key('k')", "a = ('k' in d)"),
    ("python2-dict-methods", "for k in d.iterkeys():\n    f(k)", "for k in d.keys():\n    f(k)"),
    ("python2-modules", "import cPickle as pickle", "import pickle as pickle"),
    ("python2-modules", "from StringIO import StringIO", "from io import StringIO"),
    ("python2-modules", "import urllib2", "import urllib.request as urllib2"),
    ("python2-modules", "from itertools import izip", "from builtins import zip as izip"),
]
UNTOUCHED = [
    ("scipy-moved-names", "from scipy.special import comb"),
    ("scipy-moved-names", "m = scipy.stats.norm.mean(x)"),
    ("scipy-binom-test", "p = scipy.stats.binomtest(3, 9)"),
    ("torch-data-index", "a = batch.data[1]"),
    ("torch-volatile", "v = Variable(x)"),
    ("keras-learning-rate", "m = train(lr=0.1)"),
    ("python2-names", "def xrange(n):\n    return range(n)\nxrange(3)"),
    ("python2-dict-methods", "a = 'k' in d"),
    ("python2-modules", "import pickle"),
    ("python2-modules", "from itertools import chain"),
]
IMPORTS = {"Adam": "keras.optimizers.Adam", "Variable": "torch.autograd.Variable"}


@pytest.mark.parametrize(("code", "before", "after"), CASES)
def test_repaired(code: str, before: str, after: str) -> None:
    assert repaired(code, before, **IMPORTS) == after


@pytest.mark.parametrize(("code", "before"), UNTOUCHED)
def test_left_alone(code: str, before: str) -> None:
    assert repaired(code, before, **IMPORTS) == before
