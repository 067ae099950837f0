# %% [markdown]
# # A plot gives the numbers that the features are made of

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
import matplotlib.pyplot as plt

plt.style.use("ggplot")
plt.rcParams["hist.bins"] = 4

# %%
plt.figure(figsize=(4, 3))
counts, edges, _ = plt.hist(df["alcohol"])
plt.title("alcohol")
plt.show()

# %%
df["bin"] = np.digitize(df["alcohol"], edges)
df["often"] = counts[np.clip(df["bin"] - 1, 0, len(counts) - 1)]
df = df[["bin", "often", "hue", "target"]]

# %%
X = df.drop(columns="target")
y = df["target"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=4)

# %%
model = LogisticRegression(max_iter=50, C=0.01)
model.fit(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
print("accuracy", accuracy)
