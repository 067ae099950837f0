"""What a notebook reads that was there before it."""

from analysed import facts_of


def paths(facts):
    return [source.path for source in facts.data_sources]


def test_a_file_that_an_earlier_cell_writes_is_no_source(tmp_path):
    text = (
        "import pandas as pd\n# %%\ndf = pd.read_csv('raw.csv')\ndf.to_csv('clean.csv')\n"
        "# %%\nwith open('columns.txt', 'w') as file:\n    file.write('a')\n"
        "# %%\ndf = pd.read_csv('clean.csv')\ncolumns = open('columns.txt').read()"
    )
    assert paths(facts_of(tmp_path, text)) == ["raw.csv"]


def test_so_is_one_that_is_read_from_another_working_directory(tmp_path):
    text = (
        "import os\nimport pandas as pd\n# %%\nos.makedirs('a/b')\n"
        "df = pd.read_csv('raw.csv')\ndf.to_csv('a/b/clean.csv')\n"
        "# %%\nos.chdir('a')\nos.chdir('b')\ndf = pd.read_csv('clean.csv')"
    )
    assert paths(facts_of(tmp_path, text)) == ["raw.csv"]


def test_a_file_that_is_written_only_later_is_one(tmp_path):
    text = "import pandas as pd\n# %%\ndf = pd.read_csv('rows.csv')\n# %%\ndf.to_csv('rows.csv')"
    assert paths(facts_of(tmp_path, text)) == ["rows.csv"]


def test_a_file_that_lies_beside_the_notebook_is_one_although_it_may_be_downloaded_again(tmp_path):
    (tmp_path / "rows.csv").write_text("a\n1\n")
    text = (
        "import os\nimport pandas as pd\nfrom urllib.request import urlretrieve\n# %%\n"
        "if not os.path.exists('rows.csv'):\n    urlretrieve('https://example.org/rows.csv', 'rows.csv')\n"
        "# %%\ndf = pd.read_csv('rows.csv')"
    )
    assert "rows.csv" in paths(facts_of(tmp_path, text))
