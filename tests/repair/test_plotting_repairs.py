"""matplotlib and seaborn, before and after."""

import pytest
from repair_cases import repaired

CASES = [
    ("matplotlib-normed", "plt.hist(x, normed=True)", "plt.hist(x, density=True)"),
    ("matplotlib-seaborn-styles", "plt.style.use('seaborn-whitegrid')", "plt.style.use('seaborn-v0_8-whitegrid')"),
    ("matplotlib-get-cmap", "c = cm.get_cmap('jet')", "c = plt.get_cmap('jet')"),
    ("matplotlib-background", "ax = fig.add_subplot(111, axisbg='w')", "ax = fig.add_subplot(111, facecolor='w')"),
    ("matplotlib-background", "ax.set_axis_bgcolor('w')", "ax.set_facecolor('w')"),
    ("matplotlib-hold", "plt.hold(True)", "None"),
    ("matplotlib-arguments", "ax.set_xscale('log', nonposx='clip')", "ax.set_xscale('log', nonpositive='clip')"),
    ("matplotlib-arguments", "ax.boxplot(x, labels=names)", "ax.boxplot(x, tick_labels=names)"),
    ("matplotlib-gca-projection", "ax = fig.gca(projection='3d')", "ax = fig.add_subplot(projection='3d')"),
    ("matplotlib-gca-projection", "ax = plt.gca(projection='3d')", "ax = plt.gcf().add_subplot(projection='3d')"),
    ("matplotlib-plot-date", "ax.plot_date(t, y)", "ax.plot(t, y, marker='o', linestyle='')"),
    ("matplotlib-normpdf", "from matplotlib.mlab import normpdf", "from scipy.stats import norm as normpdf"),
    ("matplotlib-normpdf", "y = normpdf(x, 0, 1)", "y = normpdf.pdf(x, 0, 1)"),
    ("seaborn-positional", "sns.boxplot('a', 'b', data=df)", "sns.boxplot(x='a', y='b', data=df)"),
    ("seaborn-positional", "sns.lmplot('a', 'b', df)", "sns.lmplot(x='a', y='b', data=df)"),
    (
        "seaborn-factorplot",
        "sns.factorplot('a', 'b', data=df, size=4)",
        "sns.catplot(x='a', y='b', data=df, height=4, kind='point')",
    ),
    ("seaborn-size", "g = sns.FacetGrid(df, size=5)", "g = sns.FacetGrid(df, height=5)"),
    ("seaborn-distplot", "sns.distplot(x, bins=9)", "sns.histplot(x, bins=9, stat='density', kde=True)"),
    ("seaborn-distplot", "sns.distplot(x, hist=False)", "sns.kdeplot(x)"),
]
UNTOUCHED = [
    ("matplotlib-normed", "plt.hist(x, density=True)"),
    ("matplotlib-seaborn-styles", "plt.style.use('seaborn-v0_8')"),
    ("matplotlib-seaborn-styles", "load('seaborn-data')"),
    ("matplotlib-get-cmap", "c = plt.get_cmap('jet')"),
    ("matplotlib-background", "ax.set_facecolor('w')"),
    ("matplotlib-hold", "lock.hold(a, b)"),
    ("matplotlib-arguments", "plt.pie(x, labels=names)"),
    ("matplotlib-gca-projection", "ax = plt.gca()"),
    ("matplotlib-plot-date", "ax.plot(t, y)"),
    ("matplotlib-normpdf", "from scipy.stats import norm"),
    ("seaborn-positional", "sns.boxplot(x='a', y='b', data=df)"),
    ("seaborn-positional", "ax.boxplot(a, b)"),
    ("seaborn-factorplot", "mine.factorplot(a, b)"),
    ("seaborn-size", "sns.scatterplot(x='a', y='b', size='c')"),
    ("seaborn-distplot", "sns.displot(x)"),
]


@pytest.mark.parametrize(("code", "before", "after"), CASES)
def test_repaired(code: str, before: str, after: str) -> None:
    assert repaired(code, before, cm="matplotlib.cm", normpdf="matplotlib.mlab.normpdf") == after


@pytest.mark.parametrize(("code", "before"), UNTOUCHED)
def test_left_alone(code: str, before: str) -> None:
    assert repaired(code, before, cm="matplotlib.cm", normpdf="matplotlib.mlab.normpdf") == before
