import pytest
from analysed import facts_of

from tools.analysis.cell_roles import roles_of_cells

LOADED = """
import pandas as pd
import matplotlib.pyplot as plt
import seaborn as sns
from sklearn.model_selection import train_test_split, GridSearchCV, cross_val_score
from sklearn.preprocessing import StandardScaler
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix
# %%
df = pd.read_csv("a.csv")
X = df.drop(columns="y")
y = df["y"]
model = LogisticRegression()
X_train, X_test, y_train, y_test = train_test_split(X, y)
model.fit(X_train, y_train)
y_pred = model.predict(X_test)
# %%
"""


@pytest.mark.parametrize(
    "cell, roles",
    [
        ("import os\nimport sys", {"import"}),
        ("import numpy as np\nnp.random.seed(1)", {"import", "setup"}),
        ("SEED = 42\nBATCH_SIZE = 16", {"setup"}),
        ("new = pd.read_csv('b.csv')\nnew.head()", {"load_data", "explore"}),
        ("filename = 'b.csv'\nnew = pd.read_csv(filename)", {"load_data"}),
        ("df.describe()", {"explore"}),
        ("df.shape", {"explore"}),
        ("print(df.shape)", {"explore"}),
        ("df.isnull().sum()", {"explore"}),
        ("assert df['age'].notna().all()", {"validate_data"}),
        ("corr = df.corr()", {"explore"}),
        (
            "for k in [1, 5]:\n    m = LogisticRegression(C=k).fit(X, y)\n    print(m.score(X_test, y_test))",
            {"tune"},
        ),
        ("X_train, X_test = X[:80], X[80:]", {"split"}),
        ("df = df.dropna()\ndf", {"preprocess"}),
        ("df['age'] = df['age'].fillna(0)", {"preprocess"}),
        ("df = df[df['age'] > 3]", {"preprocess"}),
        ("df['ratio'] = df['a'] / df['b']", {"feature_engineering"}),
        ("scaler = StandardScaler()\nX_train = scaler.fit_transform(X_train)", {"preprocess"}),
        ("X2 = PCA(2).fit_transform(X)", {"feature_engineering"}),
        ("a, b, c, d = train_test_split(X, y, test_size=0.2)", {"split"}),
        ("forest = LogisticRegression(C=2)", {"define_model"}),
        ("model.fit(X_train, y_train)", {"train"}),
        ("search = GridSearchCV(model, {'C': [1, 2]})\nsearch.fit(X, y)", {"tune", "train"}),
        ("print('accuracy', accuracy_score(y_test, y_pred))", {"evaluate"}),
        ("(y_pred == y_test).mean()", {"evaluate"}),
        ("cm = confusion_matrix(y_test, y_pred)\nsns.heatmap(cm)\nplt.show()", {"evaluate", "visualize"}),
        ("sns.heatmap(df.corr())\nplt.title('correlations')", {"visualize"}),
        ("df['a'].value_counts().plot.bar()", {"visualize"}),
        ("df.to_csv('out.csv')", {"export"}),
        ("with open('m.pkl', 'wb') as f:\n    f.write(b'')", {"export"}),
        ("for column in df.columns:\n    sns.histplot(df[column])\n    plt.show()", {"visualize"}),
        ("for column in ['a', 'b']:\n    df[column] = df[column].fillna(0)", {"preprocess"}),
        ("2 ** 3", {"other"}),
        ("X_train.shape[1] == X_test.shape[1]", {"validate_data"}),
        ("plt.rcParams['figure.dpi'] = 90", {"setup"}),
        ("grid = {'C': [1, 2]}\nsearch = GridSearchCV(model, grid)", {"tune"}),
        ("tried = [LogisticRegression(C=c).fit(X, y).score(X, y) for c in (1, 2)]", {"tune"}),
        ("for seed in range(3):\n    LogisticRegression(random_state=seed).fit(X, y)", {"define_model", "train"}),
        ("columns = ['a', 'b']\nX2 = StandardScaler().fit_transform(df[columns])", {"preprocess"}),
        ("train = df[df['year'] < 2020]\ntest = df.drop(train.index)", {"split"}),
        ("n_train = int(0.8 * len(df))", {"split"}),
        ("df['source'] = 'a.csv'", {"feature_engineering"}),
        ("share = df['a'].value_counts()\nplt.bar(share.index, share)", {"visualize"}),
        ("df.info()", {"explore"}),
        ("!ls data", {"explore"}),
        ("!pip install seaborn", {"setup"}),
        ("!wget http://example.org/a.zip", {"load_data"}),
        ("mglearn.visualize_coefficients(model.coef_)", {"evaluate", "visualize"}),
        ("print('Welcome')", {"other"}),
    ],
)
def test_a_cell_has_the_roles_that_a_person_would_give_it(tmp_path, cell, roles):
    facts = facts_of(tmp_path, LOADED + cell)
    assert set(roles_of_cells(facts)[3]) == roles


def test_a_function_has_the_roles_of_its_body_and_gives_them_to_its_calls(tmp_path):
    facts = facts_of(tmp_path, LOADED + "def show(frame):\n    sns.heatmap(frame)\n    plt.show()\n# %%\nshow(df)")
    assert roles_of_cells(facts)[3] == ("visualize",)
    assert roles_of_cells(facts)[4] == ("visualize",)


def test_a_class_of_a_network_defines_a_model(tmp_path):
    facts = facts_of(
        tmp_path, "import torch.nn as nn\nclass Net(nn.Module):\n    def forward(self, x):\n        return x"
    )
    assert facts.statements["c1.s2"].roles == ("define_model",)


def test_what_a_plotting_cell_makes_counts_where_later_cells_work_on_it(tmp_path):
    plotting = "df = df[df['price'] > 0]\nsns.histplot(df['price'])\nplt.title('price')"
    facts = facts_of(tmp_path, LOADED + plotting + "\n# %%\nz = df.drop(columns='price')\nmodel.fit(z, y)")
    assert set(roles_of_cells(facts)[3]) == {"preprocess", "visualize"}
    alone = facts_of(tmp_path, LOADED + plotting)
    assert set(roles_of_cells(alone)[3]) == {"visualize"}


def test_a_pipeline_of_transformers_prepares_and_one_that_ends_in_a_model_is_a_model(tmp_path):
    steps = "from sklearn.pipeline import Pipeline\n# %%\nsteps = Pipeline([('scale', StandardScaler())])\n# %%\n"
    facts = facts_of(tmp_path, LOADED + steps + "whole = Pipeline([('steps', steps), ('model', LogisticRegression())])")
    assert roles_of_cells(facts)[4] == ("preprocess",)
    assert roles_of_cells(facts)[5] == ("define_model",)


def test_what_is_done_to_a_network_before_its_training_defines_it_and_calling_it_afterwards_judges_it(tmp_path):
    facts = facts_of(
        tmp_path,
        "import torch\nfrom torch import nn\nx = torch.load('x.pt')\n# %%\nnet = nn.Linear(2, 1)\n# %%\n"
        "net = net.to('cpu')\n# %%\nloss = (net(x) ** 2).mean()\nloss.backward()\n# %%\nout = net(x).argmax(1)",
    )
    roles = roles_of_cells(facts)
    assert roles[3] == ("define_model",)
    assert roles[5] == ("evaluate",)


@pytest.mark.parametrize(
    "code, role",
    [
        ("def predict_label(text):\n    return pd.Series(text).str.lower().replace('a', 'b')", "evaluate"),
        ("def add_features(frame):\n    return frame.fillna(0)", "feature_engineering"),
        ("def search_depth(X, y):\n    for c in (1, 2):\n        LogisticRegression(C=c).fit(X, y)", "tune"),
        ("class Line:\n    def fit(self, X, y): ...\n    def predict(self, X): ...", "define_model"),
    ],
)
def test_a_definition_is_for_what_its_name_and_its_methods_say(tmp_path, code, role):
    facts = facts_of(tmp_path, LOADED + code)
    assert role in roles_of_cells(facts)[3]


def test_a_notebook_without_a_known_read_has_data_where_it_is_treated_as_a_table(tmp_path):
    facts = facts_of(
        tmp_path, "from lab import get\ntable = get('x')\n# %%\ntable['a'] = table['b'] / 2\n# %%\ntable.head()"
    )
    assert roles_of_cells(facts)[2] == ("feature_engineering",)


def test_conventional_names_are_known_where_the_import_is_missing(tmp_path):
    facts = facts_of(tmp_path, "sns.countplot(x=values)")
    assert roles_of_cells(facts)[1] == ("visualize",)


def test_every_statement_has_a_role_and_a_stage(tmp_path):
    facts = facts_of(tmp_path, LOADED + "while True:\n    break\n")
    assert all(known.roles and known.stage for known in facts.statements.values())
