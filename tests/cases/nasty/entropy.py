# %% [markdown]
# # Nobody seeds anything

# %%
import numpy as np
import pandas as pd
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

# %%
df = load_wine(as_frame=True).frame
df.head()

# %%
import random
from numpy.random import default_rng

picked = random.sample(range(len(df)), 120)
noise = default_rng().normal(scale=0.5, size=len(df))

# %%
df["alcohol"] = df["alcohol"] + noise
df = df.iloc[picked].reset_index(drop=True)

# %%
X = df.drop(columns="target")
y = df["target"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3)

# %%
model = LogisticRegression(max_iter=50, C=0.01)
model.fit(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
print("accuracy", accuracy)
