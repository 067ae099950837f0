# %% [markdown]
# # Prices of houses
# Written for pandas 1.3, numpy 1.19 and scikit-learn 0.24.

# %%
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

# %%
rng = np.random.RandomState(3)
town = pd.DataFrame({"rooms": rng.randint(1, 8, 160), "area": rng.normal(90, 25, 160), "age": rng.randint(0, 60, 160)})
village = pd.DataFrame({"rooms": rng.randint(2, 9, 80), "area": rng.normal(120, 30, 80), "age": rng.randint(0, 90, 80)})
houses = town.append(village, ignore_index=True)
houses.head()

# %%
houses["price"] = 20 * houses["rooms"] + 1.5 * houses["area"] - 0.4 * houses["age"] + rng.normal(0, 12, len(houses))
houses["area"] = houses["area"].clip(30, 200)
houses["old"] = (houses["age"] > 50).astype(np.int)

# %%
X = houses.drop("price", axis=1).values.astype(np.float)
y = houses["price"].values
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)

# %%
model = LinearRegression(normalize=True)
model.fit(X_train, y_train)

# %%
predicted = model.predict(X_test)
rmse = mean_squared_error(y_test, predicted, squared=False)
r2 = r2_score(y_test, predicted)
print("RMSE %.3f, R2 %.4f" % (rmse, r2))
