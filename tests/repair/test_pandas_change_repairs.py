"""More of pandas, before and after. `line` is the failing line: there a receiver of unknown class is the one meant."""

import pytest
from repair_cases import repaired

CASES = [
    ("pandas-iteritems", "for k, v in df.iteritems():\n    f(v)", "for k, v in df.items():\n    f(v)", 0),
    ("pandas-applymap", "df.applymap(str)", "df.map(str)", 0),
    ("pandas-as-matrix", "x = df.as_matrix()", "x = df.to_numpy()", 0),
    ("pandas-as-matrix", "x = df.as_matrix(columns=['a'])", "x = df[['a']].to_numpy()", 0),
    ("pandas-mad", "x = s.mad()", "x = (s - s.mean()).abs().mean()", 0),
    ("pandas-get-value", "x = df.get_value(1, 'a')", "x = df.at[1, 'a']", 0),
    ("pandas-get-value", "df.set_value(1, 'a', 3)", "df.at[1, 'a'] = 3", 0),
    ("pandas-sort", "t = df.sort('a')", "t = df.sort_values('a')", 0),
    ("pandas-sort", "t = s.order(ascending=False)", "t = s.sort_values(ascending=False)", 0),
    ("pandas-sort", "t = df.sort_index(by='a')", "t = df.sort_values(by='a')", 0),
    ("pandas-rolling", "m = pd.rolling_mean(s, 7, min_periods=1)", "m = s.rolling(7, min_periods=1).mean()", 0),
    ("pandas-rolling", "m = pd.rolling_mean(s, 7, **more)", "m = s.rolling(7, **more).mean()", 0),
    ("pandas-rolling", "m = pd.ewma(s, span=3)", "m = s.ewm(span=3).mean()", 0),
    (
        "pandas-moved-modules",
        "from pandas.tools.plotting import scatter_matrix",
        "from pandas.plotting import scatter_matrix",
        0,
    ),
    ("pandas-borrowed-names", "a = pd.np.nan", "a = np.nan", 0),
    ("pandas-borrowed-names", "t = pd.datetime.now()", "from datetime import datetime\nt = datetime.now()", 0),
    ("pandas-value-counts", "n = pd.value_counts(x, **more)", "n = pd.Series(x).value_counts(**more)", 0),
    ("pandas-value-counts", "n = pd.value_counts(x, sort=False)", "n = pd.Series(x).value_counts(sort=False)", 0),
    ("pandas-time-grouper", "g = df.groupby(pd.TimeGrouper('D'))", "g = df.groupby(pd.Grouper(freq='D'))", 0),
    (
        "pandas-reader-arguments",
        "t = pd.read_csv(p, error_bad_lines=False)",
        "t = pd.read_csv(p, on_bad_lines='skip')",
        0,
    ),
    ("pandas-delim-whitespace", "t = pd.read_csv(p, delim_whitespace=True)", 't = pd.read_csv(p, sep=r"\\s+")', 0),
    ("pandas-date-arguments", "t = pd.to_datetime(x, infer_datetime_format=True)", "t = pd.to_datetime(x)", 0),
    ("pandas-squeeze", "t = pd.read_csv(p, squeeze=True)", 't = pd.read_csv(p).squeeze("columns")', 0),
    ("pandas-sheetname", "t = pd.read_excel(p, sheetname='a')", "t = pd.read_excel(p, sheet_name='a')", 0),
    ("pandas-line-terminator", "df.to_csv(p, line_terminator=';')", "df.to_csv(p, lineterminator=';')", 0),
    ("pandas-fillna-method", "t = df.fillna(method='pad', limit=2)", "t = df.ffill(limit=2)", 0),
    ("pandas-drop-positional", "t = df.drop(['a'], 1)", "t = df.drop(['a'], axis=1)", 0),
    ("pandas-drop-positional", "t = df.drop(a, 1, **more)", "t = df.drop(a, axis=1, **more)", 0),
    ("pandas-drop-positional", "t = pd.concat([a, b], 1)", "t = pd.concat([a, b], axis=1)", 0),
    ("pandas-drop-twice", "t = df.drop(columns=['a'], axis=1)", "t = df.drop(columns=['a'])", 0),
    ("pandas-numeric-only", "c = df.corr()", "c = df.corr(numeric_only=True)", 1),
    ("pandas-numeric-only", "m = df.groupby('a').mean()", "m = df.groupby('a').mean(numeric_only=True)", 1),
    ("pandas-is-monotonic", "a = s.is_monotonic", "a = s.is_monotonic_increasing", 0),
    ("pandas-series-array-methods", "x = s.ravel()", "x = s.to_numpy().ravel()", 0),
    ("pandas-series-array-methods", "x = df['a'].reshape(-1, 1)", "x = df['a'].to_numpy().reshape(-1, 1)", 0),
    ("pandas-frequencies", "t = s.resample('3M').mean()", "t = s.resample('3ME').mean()", 0),
    ("pandas-frequencies", "d = pd.date_range(a, b, freq='H')", "d = pd.date_range(a, b, freq='h')", 0),
    ("pandas-options", "pd.set_option('max_columns', 50)", "pd.set_option('display.max_columns', 50)", 0),
    ("pandas-chained-inplace", "df['a'].fillna(0, inplace=True)", "df['a'] = df['a'].fillna(0)", 0),
    ("pandas-chained-inplace", "df['a'][df.b > 1] = 0", "df.loc[df.b > 1, 'a'] = 0", 0),
    ("pandas-chained-inplace", "df.a.loc[m] = 0", "df.loc[m, 'a'] = 0", 0),
    ("pandas-assigned-dtype", "df.a.loc[m] = 0", "df.a = df.a.astype(object)\ndf.a.loc[m] = 0", 1),
    ("pandas-assigned-dtype", "df.loc[m, 'a'] = 0", "df['a'] = df['a'].astype(object)\ndf.loc[m, 'a'] = 0", 1),
    ("pandas-assigned-dtype", "s[s == 'x'] = 0", "s = s.astype(object)\ns[s == 'x'] = 0", 1),
]
UNTOUCHED = [
    ("pandas-iteritems", "iteritems(d)", 0),
    ("pandas-applymap", "df.map(str)", 0),
    ("pandas-as-matrix", "x = as_matrix(df)", 0),
    ("pandas-mad", "x = mad(s)", 0),
    ("pandas-get-value", "x = df.at[1, 'a']", 0),
    ("pandas-sort", "rows.sort()", 1),
    ("pandas-sort", "t = df.sort_index()", 0),
    ("pandas-rolling", "m = s.rolling(7).mean()", 0),
    ("pandas-moved-modules", "from tools.plotting import scatter_matrix", 0),
    ("pandas-borrowed-names", "t = df.datetime.max()", 0),
    ("pandas-value-counts", "n = s.value_counts()", 0),
    ("pandas-time-grouper", "g = pd.Grouper(freq='D')", 0),
    ("pandas-reader-arguments", "t = pd.read_csv(p, on_bad_lines='warn')", 0),
    ("pandas-delim-whitespace", "t = pd.read_csv(p, sep=';')", 0),
    ("pandas-date-arguments", "t = pd.to_datetime(x, dayfirst=True)", 0),
    ("pandas-squeeze", "t = pd.read_csv(p).squeeze()", 0),
    ("pandas-sheetname", "t = mine(sheetname='a')", 0),
    ("pandas-line-terminator", "w = csv.writer(f, lineterminator=';')", 0),
    ("pandas-fillna-method", "t = df.fillna(0)", 0),
    ("pandas-drop-positional", "t = df.drop(['a'])", 0),
    ("pandas-drop-positional", "t = mine.drop(a, b)", 0),
    ("pandas-drop-twice", "t = df.drop(['a'], axis=1)", 0),
    ("pandas-numeric-only", "c = df.corr()", 0),
    ("pandas-numeric-only", "m = x.mean()", 1),
    ("pandas-is-monotonic", "a = s.is_monotonic_decreasing", 0),
    ("pandas-series-array-methods", "x = a.ravel()", 0),
    ("pandas-frequencies", "t = s.resample('D').mean()", 0),
    ("pandas-frequencies", "t = pd.to_datetime(x, format='M')", 0),
    ("pandas-options", "pd.set_option('display.max_columns', 50)", 0),
    ("pandas-chained-inplace", "words['a'].update(b, inplace=True)", 0),
    ("pandas-chained-inplace", "df.fillna(0, inplace=True)", 0),
    ("pandas-chained-inplace", "rows[0][1] = 0", 0),
    ("pandas-assigned-dtype", "df.loc[m, 'a'] = 0", 0),
    ("pandas-assigned-dtype", "rows[0] = 0", 1),
]


@pytest.mark.parametrize(("code", "before", "after", "line"), CASES)
def test_repaired(code: str, before: str, after: str, line: int) -> None:
    assert repaired(code, before, line) == after


@pytest.mark.parametrize(("code", "before", "line"), UNTOUCHED)
def test_left_alone(code: str, before: str, line: int) -> None:
    assert repaired(code, before, line) == before
