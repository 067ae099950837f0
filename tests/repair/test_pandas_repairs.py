"""pandas, before and after. `line` is the failing line: there a receiver of unknown class is the one meant."""

import pytest
from repair_cases import repaired

CASES = [
    ("pandas-append", "df = df.append(other)", "df = pd.concat([df, other])", 0),
    (
        "pandas-append",
        "df = df.append({'a': 1}, ignore_index=True)",
        "df = pd.concat([df, pd.DataFrame([{'a': 1}])], ignore_index=True)",
        0,
    ),
    ("pandas-append", "df = df.append(s)", "df = pd.concat([df, s.to_frame().T])", 0),
    ("pandas-append", "t = s.append([u, v])", "t = pd.concat([s, *[u, v]])", 0),
    ("pandas-append", "t = read(x).append(u)", "t = pd.concat([read(x), u])", 1),
    ("pandas-ix", "df.ix[df.a > 1, 'x'] = 3", "df.loc[df.a > 1, 'x'] = 3", 0),
    ("pandas-ix", "x = df.ix[:, 0:3]", "x = df.iloc[:, 0:3]", 0),
    ("pandas-ix", "x = df.ix[0:3, 1]", "x = df.loc[0:3, df.columns[1]]", 0),
]
UNTOUCHED = [
    ("pandas-append", "rows.append(df)", 1),
    ("pandas-append", "read(x).append(u)", 0),
    ("pandas-ix", "x = self.ix", 0),
]


@pytest.mark.parametrize(("code", "before", "after", "line"), CASES)
def test_repaired(code: str, before: str, after: str, line: int) -> None:
    assert repaired(code, before, line) == after


@pytest.mark.parametrize(("code", "before", "line"), UNTOUCHED)
def test_left_alone(code: str, before: str, line: int) -> None:
    assert repaired(code, before, line) == before
