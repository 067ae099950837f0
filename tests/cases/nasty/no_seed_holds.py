# %% [markdown]
# # A training that no seed holds

# %%
import secrets

import numpy as np
from sklearn.datasets import load_wine
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

# %%
df = load_wine(as_frame=True).frame
X = df.drop(columns="target")
y = df["target"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=4)

# %%
model = SGDClassifier(max_iter=40, tol=None, random_state=secrets.randbelow(1000000))
model.fit(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
print("accuracy", accuracy)
