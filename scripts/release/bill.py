"""The bill of materials (SBOM) of the toolkit, as CycloneDX 1.6: what an installation consists of, at the locked versions."""

from __future__ import annotations

import importlib.metadata
import zipfile
from datetime import UTC, datetime
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def write_bill(wheel: Path, lock: Path, target: Path, epoch: int) -> Path:
    """Write the bill of what `wheel` brings with it. It holds no time but `epoch`, so that it is the same each time."""
    import hashlib

    metadata = _metadata(wheel)
    versions = _locked(lock)
    subject = _component(metadata["Name"], metadata["Version"], metadata, ComponentType.APPLICATION)
    subject.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(wheel.read_bytes()).hexdigest()))
    bill = Bom()
    bill.metadata.component = subject
    bill.metadata.timestamp = datetime.fromtimestamp(epoch, UTC)
    bill.serial_number = uuid5(NAMESPACE_URL, f"{subject.purl}#{epoch}")
    made = {subject.name: subject}
    todo = [(subject, metadata)]
    while todo:
        component, described = todo.pop()
        needs = []
        for name in _needed(described):
            if name not in made:
                inner = importlib.metadata.metadata(name)
                version = versions.get(name) or inner["Version"]
                made[name] = _component(name, version, inner, ComponentType.LIBRARY)
                bill.components.add(made[name])
                todo.append((made[name], inner))
            needs.append(made[name])
        bill.register_dependency(component, needs)
    text = make_outputter(bill, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if problem is not None:
        raise SystemExit(f"the bill of materials is not valid: {problem}")
    target.write_text(text + "\n", encoding="utf-8")
    return target


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        return HeaderParser().parsestr(archive.read(name).decode())


def _locked(lock: Path) -> dict[str, str]:
    pairs = (line.split("==") for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line)
    return {canonicalize_name(name): version.strip() for name, version in pairs}


def _needed(metadata: Message) -> list[str]:
    """Return the names of what is installed with a distribution, its extras left out."""
    requirements = [Requirement(text) for text in metadata.get_all("Requires-Dist") or ()]
    wanted = (each for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""}))
    return sorted({canonicalize_name(each.name) for each in wanted})


def _component(name: str, version: str, metadata: Message, kind: ComponentType) -> Component:
    said = metadata["License-Expression"] or metadata["License"] or ""
    # Some distributions have the whole text there, which is no name of a licence.
    licences = [LicenseFactory().make_from_string(said)] if said and len(said) < 100 else []
    purl = PackageURL("pypi", name=canonicalize_name(name), version=version)
    return Component(
        name=canonicalize_name(name),
        version=version,
        type=kind,
        purl=purl,
        bom_ref=str(purl),
        licenses=licences,
        description=metadata["Summary"] or None,
    )
