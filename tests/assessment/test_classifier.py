from datetime import timedelta

import numpy as np
import pytest
from assessment_year import TEXTS, a_year
from peers.world import World

from cases.assessment import classifier, training
from cases.assessment.classifier import BadModel, Shelf
from cases.assessment.training import CannotTrain, Sample
from normalizers.text.turkish import fold

pytestmark = pytest.mark.slow  # scikit-learn takes seconds to load


@pytest.fixture(scope="module")
def model():
    pytest.importorskip("sklearn")
    known = [_sample(i) for i in range(600)]
    return training.train(known, now=_moment())


def _moment():
    from datetime import UTC, datetime

    return datetime(2026, 3, 10, tzinfo=UTC)


def _sample(i: int) -> Sample:
    branch, topic, text = TEXTS[i % 3]
    extra = ("acil", "lütfen", "dosya", "bekliyorum", "tekrar")[i % 5]
    answers = {"type": "complaint", "branch": branch, "topic": topic}
    return Sample(fold(f"{text} {extra} {i}"), answers)


def test_it_learns_what_people_decided(model):
    trained, measured = model
    assert {field.name for field in trained.fields} == {"branch", "topic"}  # one type only
    by_field = {one.field: one for one in measured}
    assert by_field["topic"].right == 1.0
    assert by_field["topic"].most_common < 0.5
    guesses = {g.field: g for g in trained.guess(fold("KASKO ödemem gecikti, servis bekliyor"))}
    assert guesses["branch"].value == "kasko"
    assert "kasko" in guesses["branch"].words


def test_our_own_arithmetic_is_that_of_the_library(model):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    trained, _ = model
    texts = [_sample(i).text for i in range(600)]
    vectorizer = TfidfVectorizer(analyzer=classifier.features, min_df=5, sublinear_tf=True)
    table = vectorizer.fit_transform(texts)
    theirs = LogisticRegression(C=10.0, max_iter=300, class_weight="balanced")
    theirs.fit(table, [_sample(i).answers["topic"] for i in range(600)])
    for text in texts[:10]:
        shares = theirs.predict_proba(vectorizer.transform([text]))[0]
        [ours] = [g for g in trained.guess(text, sure=0.0) if g.field == "topic"]
        assert ours.value == theirs.classes_[shares.argmax()]
        assert ours.certainty == pytest.approx(shares.max(), abs=1e-3)


def test_it_is_kept_as_plain_numbers_and_read_again(model, tmp_path):
    trained, _ = model
    path = tmp_path / "model.npz"
    classifier.save(trained, path)
    assert path.stat().st_mode & 0o777 == 0o600
    again = classifier.load(path)
    text = _sample(1).text
    assert again.guess(text) == trained.guess(text)
    with np.load(path, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fU" for name in arrays.files)


def test_a_changed_file_is_not_loaded(model, tmp_path):
    path = tmp_path / "model.npz"
    shelf = Shelf(path)
    assert shelf.guess("kasko") == ()
    classifier.save(model[0], path)
    assert shelf.guess(_sample(0).text)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BadModel):
        classifier.load(path)
    assert Shelf(path).guess(_sample(0).text) == ()


def test_a_model_that_would_run_code_is_refused(tmp_path):
    import json
    from hashlib import sha256
    from io import BytesIO

    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "owned"), "w"))

    buffer = BytesIO()
    names = ("classes", "words", "idf", "weights", "bias")
    arrays = {f"topic.{n}": np.array([Evil()], dtype=object) for n in names}
    np.savez(buffer, **arrays)
    path = tmp_path / "model.npz"
    path.write_bytes(buffer.getvalue())
    about = {"version": 1, "sha256": sha256(buffer.getvalue()).hexdigest(), "fields": ["topic"]}
    path.with_suffix(".json").write_text(json.dumps(about))
    (tmp_path / "owned").unlink(missing_ok=True)
    with pytest.raises(BadModel):
        classifier.load(path)
    assert not (tmp_path / "owned").exists()


def test_too_little_teaches_nothing():
    with pytest.raises(CannotTrain):
        training.train([_sample(i) for i in range(50)], now=_moment())
    same = [Sample("kasko", {"type": "complaint", "branch": None, "topic": None})] * 300
    with pytest.raises(CannotTrain):
        training.train(same, now=_moment())


def test_it_learns_from_closed_applications_alone(world: World):
    a_year(world, 30, status="closed", assessed=True)
    with world.database.read() as connection:
        known = training.samples(connection, world.moment - timedelta(days=400), world.moment)
    assert len(known) == 30
    assert known[0].answers == {"type": "complaint", "branch": "kasko", "topic": TEXTS[0][1]}


def test_digits_are_never_words():
    assert classifier.features(fold("TC 12345678950 kaskom 34ABC123")) == [
        "tc",
        "kaskom",
        "abc",
        "tc kaskom",
        "kaskom abc",
    ]
