"""Modules of Python 2."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

_NAMES = {
    "urllib2": "urllib.request",
    "urllib.urlopen": "urllib.request.urlopen",
    "urllib.urlretrieve": "urllib.request.urlretrieve",
    "urllib.urlencode": "urllib.parse.urlencode",
    "urllib.quote": "urllib.parse.quote",
    "urllib.unquote": "urllib.parse.unquote",
    "cPickle": "pickle",
    "StringIO": "io",
    "cStringIO": "io",
    "Queue": "queue",
    "ConfigParser": "configparser",
    "HTMLParser": "html.parser",
    "urlparse": "urllib.parse",
    "__builtin__": "builtins",
    "itertools.izip": "builtins.zip",
    "itertools.imap": "builtins.map",
    "itertools.ifilter": "builtins.filter",
}


REPAIR = Codemod(
    code="python2-modules",
    library="python",
    since="3.0",
    reason="`urllib2`, `cPickle`, `StringIO`, `Queue`, `ConfigParser` and others have new names",
    mentions=(
        "urllib",
        "cPickle",
        "StringIO",
        "Queue",
        "ConfigParser",
        "itertools",
        "cStringIO",
        "HTMLParser",
        "__builtin__",
        "urlparse",
    ),
    change=moved(_NAMES),
    errors=(
        r"No module named '(urllib2|cPickle|StringIO|cStringIO|Queue|ConfigParser|HTMLParser|urlparse|__builtin__)'",
        r"module 'urllib' has no attribute '(urlopen|urlretrieve|urlencode|quote|unquote)'",
        r"cannot import name '(izip|imap|ifilter|urlopen|urlretrieve|urlencode)'",
        r"module 'itertools' has no attribute '(izip|imap|ifilter)'",
    ),
    certain=True,
)
