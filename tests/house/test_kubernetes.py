"""The manifests for Kubernetes: built by its own tool, and true to what the product has."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import Settings, load

FOLDER = Path(__file__).parents[2] / "deploy/kubernetes"
BASVURU = Path(sys.executable).with_name("basvuru")


def documents() -> list[dict[str, Any]]:
    files = [file for file in sorted(FOLDER.glob("*.yaml")) if file.name != "kustomization.yaml"]
    return [one for file in files for one in yaml.safe_load_all(file.read_text("utf-8"))]


def of(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in documents() if one["kind"] == kind}


def pods() -> dict[str, dict[str, Any]]:
    return {n: one["spec"]["template"] for n, one in (of("Deployment") | of("Job")).items()}


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl")
def test_kustomize_builds_all_of_it() -> None:
    done = subprocess.run(
        ["kubectl", "kustomize", str(FOLDER)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    built = list(yaml.safe_load_all(done.stdout))
    assert len(built) == len(documents()) + 1  # and the settings
    assert {one["metadata"]["namespace"] for one in built} == {"basvuru"}


def test_every_resource_of_the_folder_is_named() -> None:
    named = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["resources"]
    assert sorted(named) == sorted(f.name for f in FOLDER.glob("*.yaml") if f.name in named)
    assert {f.name for f in FOLDER.glob("*.yaml")} == {*named, "kustomization.yaml"}


def test_all_daemons_are_there_and_whatever_selects_pods_finds_its_own() -> None:
    assert set(of("Deployment")) == {"poll", "work", "pages", "schedule", "portal"}
    for name, one in of("Deployment").items():
        labels = one["spec"]["template"]["metadata"]["labels"]
        assert one["spec"]["selector"]["matchLabels"] == labels
        assert of("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"] == labels
    assert of("Service")["portal"]["spec"]["selector"] == pods()["portal"]["metadata"]["labels"]
    for name, one in of("HorizontalPodAutoscaler").items():
        assert one["spec"]["scaleTargetRef"]["name"] == name in of("Deployment")


def test_they_are_scaled_by_a_metric_that_the_portal_has_for_queues_that_there_are() -> None:
    from portal import metrics

    source = Path(str(metrics.__file__)).read_text("utf-8")
    queues = {"mail", "pages", "record", "sms"}
    for one in of("HorizontalPodAutoscaler").values():
        for metric in one["spec"]["metrics"]:
            found = metric["external"]["metric"]
            assert found["name"].removeprefix("basvuru_") in source
            assert found["selector"]["matchLabels"]["queue"] in queues


def test_probes_ask_what_the_portal_answers() -> None:
    from portal import probes

    paths = {route.path for route in probes.router.routes}  # type: ignore[attr-defined]
    [portal] = pods()["portal"]["spec"]["containers"]
    asked = [portal[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness")]
    asked.append(portal["livenessProbe"]["httpGet"]["path"])
    assert set(asked) <= paths
    assert portal["livenessProbe"]["httpGet"]["path"] == "/healthz"  # a database that is away
    # restarts nobody


@pytest.mark.slow
def test_every_command_exists() -> None:
    for pod in pods().values():
        words = pod["spec"]["containers"][0]["args"]
        plain = [word for word in words if not word.startswith("-")]
        done = subprocess.run(
            [BASVURU, *plain, "--help"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0
        assert all(word in done.stdout for word in words if word.startswith("-"))


def test_no_pod_may_more_than_it_needs_and_every_one_has_its_bounds() -> None:
    for name, pod in pods().items():
        spec, [container] = pod["spec"], pod["spec"]["containers"]
        assert spec["securityContext"]["runAsNonRoot"], name
        assert spec["automountServiceAccountToken"] is False, name
        assert container["securityContext"]["readOnlyRootFilesystem"], name
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
        assert container["resources"]["limits"]["memory"], name
        assert {"cpu", "memory"} <= set(container["resources"]["requests"]), name
        mounted = {one["name"] for one in container["volumeMounts"]}
        assert mounted == {one["name"] for one in spec["volumes"]}, name


def test_secrets_are_settings_given_as_files_and_the_settings_file_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = tmp_path / "mailbox"
    mailbox.write_text("x")
    for pod in pods().values():
        for one in pod["spec"]["containers"][0]["env"]:
            if one["name"] == "BASVURU_CONFIG":
                continue
            section, name = one["name"].removeprefix("BASVURU_").lower().split("__")
            table: Any = Settings.model_fields[section].annotation
            assert name.removesuffix("_file") in table.model_fields
            assert one["value"].endswith(f"/{section}__{name.removesuffix('_file')}")
    text = (FOLDER / "basvuru.toml").read_text("utf-8")
    here = tmp_path / "basvuru.toml"
    here.write_text(re.sub(r"/run/secrets/basvuru/mailbox", str(mailbox), text))
    assert load(here).blobs.bucket


def test_an_update_takes_no_daemon_away_before_another_is_there() -> None:
    for one in of("Deployment").values():
        assert one["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        assert one["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= 60
