"""`lr=` of the optimizers of Keras."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod
from tools.repair.simple import one_after_another

_OPTIMIZERS = ["Adam", "SGD", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam"]


REPAIR = Codemod(
    code="keras-learning-rate",
    library="keras",
    since="3.0",
    reason="The argument `lr` of optimizers was renamed to `learning_rate`",
    mentions=("lr",),
    change=one_after_another(
        *(
            keywords(tuple(f"{root}.{name}" for name in _OPTIMIZERS), (Keyword("lr", "learning_rate"),))
            for root in ("keras", "tensorflow")
        )
    ),
    errors=(
        r"unexpected keyword argument '?lr",
        r"Argument\(s\) not recognized: \{'lr'",
    ),
    certain=True,
)
