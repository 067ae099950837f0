# %% [markdown]
# # A generator object is shared by exploration, split and model

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
rng = np.random.RandomState(5)
df.iloc[rng.permutation(len(df))[:3]]

# %%
same = rng
same.rand(10)

# %%
X = df[["alcohol", "hue"]] + rng.normal(size=(len(df), 2))
y = df["target"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=rng)

# %%
from sklearn.ensemble import RandomForestClassifier

model = RandomForestClassifier(n_estimators=5, random_state=rng)
model.fit(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
print("accuracy", accuracy)
