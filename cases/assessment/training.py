"""Training the classifier on the company's own closed applications, and measuring it honestly.

The newest fifth is held back: the model that is measured has never seen it, as it will never have
seen tomorrow's applications. Needs scikit-learn (the extra ``classifier``).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from cases.assessment.classifier import SURE, Field, Model, features
from cases.assessment.suggest import FIELDS
from config.errors import BasvuruError
from storage import assessing
from storage.engine import Connection

LEAST = 200
"""Closed applications below which nothing is learned."""
LEAST_OF_CLASS = 10
HELD_BACK = 0.2
WORDS = 50_000


class CannotTrain(BasvuruError):
    """There is too little to learn from, or scikit-learn is not installed."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One closed application: folded text, and what people decided."""

    text: str
    answers: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Measured:
    """How well one field is guessed, on applications that the model had not seen."""

    field: str
    classes: int
    trained: int
    tested: int
    right: float
    """Share of all that were guessed right."""
    shown: float
    """Share for which the model was sure enough to suggest something."""
    shown_right: float
    """Share of those that were right: what people will see."""
    most_common: float
    """Share that the most common answer alone gets right: what the model has to beat."""


def samples(connection: Connection, start: datetime, end: datetime) -> list[Sample]:
    """Closed applications recorded in between, oldest first."""
    return [
        Sample(row["text"], {name: row[name] for name in FIELDS})
        for row in assessing.assessed_closed(connection, start, end)
    ]


def train(known: Sequence[Sample], *, now: datetime) -> tuple[Model, list[Measured]]:
    """A model of everything, and how one of the older part does on the newest.

    Raises CannotTrain.
    """
    if len(known) < LEAST:
        raise CannotTrain(f"{len(known)} closed applications; at least {LEAST} are needed.")
    cut = int(len(known) * (1 - HELD_BACK))
    measured = evaluate(Model(_fit_all(known[:cut]), {}), known[cut:], trained=cut)
    fields = _fit_all(known)
    if not fields:
        raise CannotTrain("No field has two answers with enough applications each.")
    about = {
        "trained_at": now.isoformat(),
        "applications": len(known),
        "measured": [{n: getattr(m, n) for n in Measured.__slots__} for m in measured],
    }
    return Model(fields, about), measured


def evaluate(model: Model, unseen: Sequence[Sample], *, trained: int = 0) -> list[Measured]:
    """How well a model does on applications; those without an answer in a field do not count."""
    out = []
    for field in model.fields:
        alone = Model((field,), {})
        pairs = []
        for sample in unseen:
            answer = sample.answers[field.name]
            if answer is not None:
                best = next(iter(alone.guess(sample.text, sure=0.0)), None)
                pairs.append((answer, best))
        if pairs:
            out.append(_measured(field, pairs, trained))
    return out


def _measured(field: Field, pairs: Sequence[tuple[str, Any]], trained: int) -> Measured:
    total = len(pairs)
    right = sum(best is not None and best.value == answer for answer, best in pairs)
    shown = [(answer, best) for answer, best in pairs if best and best.certainty >= SURE]
    hits = sum(best.value == answer for answer, best in shown)
    common = Counter(answer for answer, _ in pairs).most_common(1)[0][1]
    return Measured(
        field.name,
        len(field.classes),
        trained,
        total,
        round(right / total, 4),
        round(len(shown) / total, 4),
        round(hits / len(shown), 4) if shown else 0.0,
        round(common / total, 4),
    )


def _fit_all(known: Sequence[Sample]) -> tuple[Field, ...]:
    fitted = (_fit(name, known) for name in FIELDS)
    return tuple(one for one in fitted if one is not None)


def _fit(name: str, known: Sequence[Sample]) -> Field | None:
    """The model of a field; None where it has fewer than two answers to tell apart."""
    counts = Counter(sample.answers[name] for sample in known)
    kept = {a for a, n in counts.items() if a is not None and n >= LEAST_OF_CLASS}
    if len(kept) < 2:
        return None
    chosen = [sample for sample in known if sample.answers[name] in kept]
    vectorizer, model = _sklearn()
    table = vectorizer.fit_transform([sample.text for sample in chosen])
    model.fit(table, [sample.answers[name] for sample in chosen])
    weights, bias = _both_ways(model.coef_, model.intercept_)
    words = {str(word): int(i) for word, i in vectorizer.vocabulary_.items()}
    classes = tuple(map(str, model.classes_))
    return Field(
        name,
        classes,
        words,
        vectorizer.idf_.astype(np.float32),
        weights.astype(np.float32),
        bias.astype(np.float32),
    )


def _both_ways(weights: Any, bias: Any) -> tuple[Any, Any]:
    """Of two classes scikit-learn keeps one row, the second against the first: a row for each gives
    the same shares, since only the difference of the two counts."""
    if weights.shape[0] == 1:
        weights, bias = np.vstack([0 * weights, weights]), np.concatenate([0 * bias, bias])
    return weights, bias


def _sklearn() -> tuple[Any, Any]:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    except ImportError:
        raise CannotTrain(
            "scikit-learn is not installed: pip install 'basvuru[classifier]'."
        ) from None
    vectorizer = TfidfVectorizer(
        analyzer=features, min_df=5, max_features=WORDS, sublinear_tf=True, dtype=np.float32
    )
    return vectorizer, LogisticRegression(C=10.0, max_iter=300, class_weight="balanced")
