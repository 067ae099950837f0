"""Variables that hide a builtin get another name, from where they are bound on."""

import pytest

from tests.transform.built import FIT, HEAD, JUDGED, body, built


def lines(tmp_path, code: str) -> str:
    return body(built(tmp_path, HEAD + code + FIT + JUDGED), "load_data")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "sum = df['a'].sum()\ndf['a'] = df['a'] / sum\n",
            'sum_value = df["a"].sum()\ndf["a"] = df["a"] / sum_value\n',
        ),
        (
            "max = max(df['a'])\ndf['a'] = df['a'] / max\n",
            'max_value = max(df["a"])\ndf["a"] = df["a"] / max_value\n',
        ),
        (
            "for id in ['a', 'b']:\n    df[id] = df[id] * 2\n",
            'for id_value in ["a", "b"]:\n    df[id_value] = df[id_value] * 2\n',
        ),
        (
            "if len(df):\n    min = min(df['a'])\n    df['a'] -= min\n",
            'if len(df):\n    min_value = min(df["a"])\n    df["a"] -= min_value\n',
        ),
        (
            "for type, id in zip(sorted(set(df['a'])), [id(df)]):\n    df['b'] += type\n",
            'for type_value, id_value in zip(sorted(set(df["a"])), [id(df)]):\n    df["b"] += type_value\n',
        ),
        (
            "df['a'] += [id for id in df['b']]\n",
            'df["a"] += [id for id in df["b"]]\n',
        ),
        (
            "df['a'] = df['a'].map(lambda id: id + 1)\n",
            'df["a"] = df["a"].map(lambda id: id + 1)\n',
        ),
        (
            "def half(input):\n    return input / 2\ndf['a'] = half(df['a'])\n",
            'df["a"] = half(df["a"])\n',
        ),
    ],
)
def test_a_name_is_changed_from_its_binding_on(tmp_path, before, after):
    assert after in lines(tmp_path, before)


def test_a_setting_may_have_the_name_of_a_builtin_that_is_used_above_it(tmp_path):
    code = "df['a'] += len(list(df.columns)) * 2.5\nRATE = 0.5\nSHIFT = 2\nlist = ['a', 'b']\n"
    got = lines(tmp_path, code + "df['b'] = df[list].sum(axis=1) * RATE + SHIFT\n")
    assert 'df["a"] += len(list(df.columns)) * 2.5\n' in got
    assert "df[config.list].sum" in got
