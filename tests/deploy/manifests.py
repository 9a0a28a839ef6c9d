"""Checks the files of deploy/ against the schemas of those who read them, each other, and a running server.

Every metric that the dashboard or an autoscaler asks Prometheus for has to be one that the server shows.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import promql_parser
import yaml

from server import read, serving

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NAME = {"app.kubernetes.io/name": "valence"}
NGINX = "nginx.ingress.kubernetes.io/"


def kubernetes() -> dict[str, dict]:
    """Every object, by its file's name, an overlay's with its folder; those that the schemas know checked against them."""
    objects = {}
    patches = set()
    for file in sorted((DEPLOY / "kubernetes").rglob("kustomization.yaml")):
        value = yaml.safe_load(file.read_text())
        patches |= {file.parent / patch["path"] for patch in value.get("patches", [])}
        assert all((file.parent / part).exists() for part in value["resources"]), file
        if file.parent.name == "base":
            assert {part.name for part in file.parent.glob("*.yaml")} == {*value["resources"], file.name}
    for file in sorted((DEPLOY / "kubernetes").rglob("*.yaml")):
        value = yaml.safe_load(file.read_text())
        if file.name == "kustomization.yaml":
            continue
        if file.name in ("servicemonitor.yaml", "adapter.yaml"):
            objects[file.stem] = value
            continue
        key = file.stem
        if file in patches:
            value = patched(yaml.safe_load((DEPLOY / "kubernetes/base" / file.name).read_text()), value)
            key = f"{file.parent.name}/{file.stem}"
        kubernetes_validate.validate(value, "1.34", strict=True)
        objects[key] = value
    assert all(f"{patch.parent.name}/{patch.stem}" in objects for patch in patches), patches
    return objects


def patched(whole: object, patch: object) -> object:
    """As Kustomize does it: mappings member by member, lists of named things by their names, all else anew."""
    if isinstance(whole, dict) and isinstance(patch, dict):
        return whole | {key: patched(whole.get(key), value) for key, value in patch.items()}
    if isinstance(whole, list) and isinstance(patch, list) and all("name" in one for one in whole + patch):
        by_name = {one["name"]: one for one in whole}
        by_name |= {one["name"]: patched(by_name.get(one["name"]), one) for one in patch}
        return list(by_name.values())
    return patch


def belong_together(objects: dict[str, dict]) -> None:
    """Names, ports and labels by which one object finds another."""
    template = objects["deployment"]["spec"]["template"]
    assert template["metadata"]["labels"] == NAME
    for file in ("deployment", "poddisruptionbudget"):
        assert objects[file]["spec"]["selector"]["matchLabels"] == NAME, file
    assert objects["networkpolicy"]["spec"]["podSelector"]["matchLabels"] == NAME
    service = objects["service"]
    assert service["spec"]["selector"] == NAME
    ports = {port["name"]: port["containerPort"] for port in template["spec"]["containers"][0]["ports"]}
    assert ports == {"http": 7860}
    assert f"EXPOSE {ports['http']}" in (ROOT / "Dockerfile").read_text()
    named = {port["name"]: port["targetPort"] for port in service["spec"]["ports"]}
    assert set(named.values()) <= set(ports)
    assert {endpoint["port"] for endpoint in objects["servicemonitor"]["spec"]["endpoints"]} <= set(named)
    assert objects["servicemonitor"]["spec"]["selector"]["matchLabels"] == service["metadata"]["labels"] == NAME
    target = objects["horizontalpodautoscaler"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", objects["deployment"]["metadata"]["name"])


def ingresses_lead_there(objects: dict[str, dict]) -> None:
    """Each is patient enough, and shows what it is to show of the service."""
    patience = re.search(r"TIMEOUT: u32 = (\d+);", (ROOT / "src/server/limits.rs").read_text())[1]
    timeouts = {"ingress": ["read", "send"], "ingress-gradio": ["read"]}
    for ingress, kinds in timeouts.items():
        settings = objects[ingress]["metadata"]["annotations"]
        for kind in kinds:
            seconds = settings[f"{NGINX}proxy-{kind}-timeout"]
            assert int(seconds) > int(patience), (
                f"{ingress}: nginx gives up after {seconds} s, Valence after {patience}"
            )
    hidden = objects["ingress-internal"]
    assert "selector" not in objects["service-nowhere"]["spec"], "with pods behind it, it would show what is hidden"
    paths = hidden["spec"]["rules"][0]["http"]["paths"]
    assert {(path["path"], path["pathType"]) for path in paths} == {("/metrics", "Exact"), ("/status", "Exact")}
    for ingress in ("ingress", "ingress-gradio", "ingress-internal"):
        assert objects[ingress]["spec"]["ingressClassName"] == "nginx", "its annotations are for no other"
        (rule,) = objects[ingress]["spec"]["rules"]
        assert rule["host"] == objects["ingress"]["spec"]["rules"][0]["host"], ingress
        for path in rule["http"]["paths"]:
            backend = path["backend"]["service"]
            behind = objects["service-nowhere" if ingress == "ingress-internal" else "service"]
            assert backend["name"] == behind["metadata"]["name"], ingress
            assert backend["port"]["name"] in {port["name"] for port in behind["spec"]["ports"]}, ingress


def hub_overlay_fits(objects: dict[str, dict]) -> None:
    """A model from the Hub has a folder, the time to come, and a way out."""
    pod = objects["hub/deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (mount,) = container["volumeMounts"]
    hub_folder = re.search(r"^ENV .*\bHF_HOME=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert hub_folder[1] == mount["mountPath"]
    assert [mount["name"]] == [volume["name"] for volume in pod["volumes"]]
    assert {one["name"] for one in container["env"]} == {"VALENCE_PUBLIC_URL", "VALENCE_CONNECTIONS", "VALENCE_MODEL"}
    probe = container["startupProbe"]
    for file in ("Dockerfile", "Dockerfile.gpu"):
        minutes = probe["failureThreshold"] * probe["periodSeconds"] // 60
        assert f"--start-period={minutes}m " in (ROOT / file).read_text(), f"{file}: a model may take {minutes} minutes"
    assert objects["hub/networkpolicy"]["spec"]["egress"] and not objects["networkpolicy"]["spec"]["egress"]


def pods_live_and_end_well(objects: dict[str, dict]) -> None:
    """Memory, rights, probes, and the time for a farewell."""
    for file in ("deployment", "hub/deployment"):
        enough_memory(file, objects[file]["spec"]["template"]["spec"]["containers"][0])
    pod = objects["deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    left = pod["terminationGracePeriodSeconds"] - container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert left >= farewell(), f"Kubernetes kills it after {left} s, Valence may take {farewell()}"
    assert "tcpSocket" in container["livenessProbe"], "where all connections are taken, no request is answered"
    surge = objects["deployment"]["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
    assert surge == "100%", f"with a surge of {surge}, two versions answer for long, and a page lacks its files"
    assert container["securityContext"]["readOnlyRootFilesystem"] and pod["securityContext"]["runAsNonRoot"]


def enough_memory(file: str, container: dict) -> None:
    """A pod is not killed for what requests may take: docs/operations.md, "Memory for requests"."""
    (connections,) = (int(one["value"]) for one in container["env"] if one["name"] == "VALENCE_CONNECTIONS")
    sizes = {kind: container["resources"][kind]["memory"] for kind in ("requests", "limits")}
    idle, limit = (int(size[:-2]) * {"Mi": 2**20, "Gi": 2**30}[size[-2:]] for size in sizes.values())
    needed = idle + 256_000_000 + connections * 400_000
    assert limit >= needed, f"{file}: {connections} connections may need {needed} bytes, and {limit} are allowed"


def one_version() -> None:
    """Each file that names the version names Cargo.toml's; releases build with the lock files as they are."""
    version = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    places = {
        "Dockerfile": f"ARG VERSION={version}\n",
        "deploy/kubernetes/base/kustomization.yaml": f"newTag: {version}\n",
        "Cargo.lock": f'name = "valence"\nversion = "{version}"\n',
        "fuzz/Cargo.lock": f'name = "valence"\nversion = "{version}"\n',
    }
    for file, words in places.items():
        assert words in (ROOT / file).read_text(), f"{file} does not name version {version}: see CONTRIBUTING.md"


def farewell() -> int:
    """The seconds that Valence may take to stop: for requests under way, 5 for the last spans, one for the log, and
    one for all else."""
    return int(re.search(r"GRACE: u32 = (\d+);", (ROOT / "src/server/limits.rs").read_text())[1]) + 7


def compose() -> None:
    """Compose reads its file, and the folders and names in it exist."""
    file = DEPLOY / "compose.yaml"
    program = Path(sys.executable).with_name("docker-compose")
    whole = subprocess.run(
        [program, "--file", file, "config", "--format", "json"], capture_output=True, text=True, check=True
    )
    services = json.loads(whole.stdout)["services"]
    patience = services["valence"].get("stop_grace_period", "10s").removesuffix("s")
    assert int(patience) >= farewell(), f"Docker kills it after {patience} s, Valence may take {farewell()}"
    for service in services.values():
        for volume in service.get("volumes", []):
            assert volume["type"] != "bind" or Path(volume["source"]).exists(), volume
    (job,) = yaml.safe_load((DEPLOY / "prometheus.yaml").read_text())["scrape_configs"]
    assert job["static_configs"][0]["targets"] == ["valence:7860"] and "valence" in services
    (source,) = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yaml").read_text())["datasources"]
    assert source["url"] == "http://prometheus:9090" and "prometheus" in services
    # Whoever imports the dashboard has a source of another name: one is chosen, here the only one.
    chosen, *variables = dashboard()["templating"]["list"]
    assert (chosen["type"], chosen["query"]) == ("datasource", source["type"])
    asked = {asker["datasource"]["uid"] for asker in [*variables, *dashboard()["panels"]]}
    assert asked == {f"${{{chosen['name']}}}"}


def dashboard() -> dict:
    return json.loads((DEPLOY / "grafana/dashboards/valence.json").read_text())


def questions(objects: dict[str, dict]) -> dict[str, str]:
    """What is asked of Prometheus: each expression and who asks."""
    asked = {}
    for panel in dashboard()["panels"]:
        for target in panel["targets"]:
            expression = target["expr"].replace("$__rate_interval", "1m")
            promql_parser.parse(expression)
            asked[expression] = panel["title"]
    _, instance = dashboard()["templating"]["list"]
    asked[re.search(r"label_values\((\w+),", instance["query"])[1]] = "the dashboard's variable"
    (rule,) = objects["adapter"]["rules"]["custom"]
    asked[rule["seriesQuery"]] = "the adapter"
    (metric,) = [
        metric["pods"]["metric"]["name"]
        for metric in objects["prometheus/horizontalpodautoscaler"]["spec"]["metrics"]
        if "pods" in metric
    ]
    assert metric == rule["name"]["as"]
    return asked


def metrics(program: str) -> dict[str, set[str]]:
    """The metrics that a server shows after a question, and the labels of each."""
    with serving(program, {}) as base:
        read(f"{base}/predict", b'{"inputs": "It rained, and we laughed."}')
        text = read(f"{base}/metrics")
    shown: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        shown.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    return shown


def main(program: str) -> None:
    objects = kubernetes()
    for check in (belong_together, ingresses_lead_there, hub_overlay_fits, pods_live_and_end_well):
        check(objects)
    compose()
    shown = metrics(program)
    asked = questions(objects)
    given = {"instance", "namespace", "pod"}  # by Prometheus itself
    for expression, who in asked.items():
        grouped = {label.strip() for group in re.findall(r"by \(([\w, ]*)\)", expression) for label in group.split(",")}
        for name in re.findall(r"\b(?:valence|process|te)_\w+", expression):
            assert name in shown, f"{who} asks for {name}, which the server does not show"
            braces = re.search(name + r"\{([^}]*)\}", expression)
            labels = set(re.findall(r"(\w+)(?:=|!=)", braces[1] if braces else "")) | grouped
            assert labels - given <= shown[name], f"{who} asks {name} for {labels - given - shown[name]}"
    one_version()
    print(f"{len(objects)} Kubernetes objects, Compose's file and {len(asked)} questions to Prometheus hold")


main(str(Path(sys.argv[1]).resolve()))
