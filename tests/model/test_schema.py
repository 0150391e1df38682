import json

import msgspec

from arterial.model.convert import fields_of
from arterial.model.description import TABLES, Description
from arterial.model.schema import json_schema


def schema():
    return json.loads(json_schema())


def definitions():
    root = schema()
    return {**root["$defs"], "": root}


def test_every_key_and_column_is_described():
    assert [
        f"{name}.{key}"
        for name, definition in definitions().items()
        for key, said in definition["properties"].items()
        if not said.get("description", "").strip()
    ] == []


def test_the_keys_are_those_that_the_reader_takes():
    root = schema()
    assert list(root["properties"]) == list(fields_of(Description))
    assert root["required"] == ["name", "tables"]
    assert root["additionalProperties"] is False


def test_every_table_has_its_columns():
    tables = schema()["x-csv-tables"]
    assert list(tables) == [*TABLES, "demands"]
    for name, kind in TABLES.items():
        assert tables[name]["columns"] == list(fields_of(kind))
        assert tables[name]["row"]["$ref"] == f"#/$defs/{kind.__name__}"
    assert tables["fibres"]["required"] == ["name", "a", "z"]
    assert tables["demands"]["required"] == ["traffic_class", "source", "target", "gbps"]


def test_limits_defaults_and_their_sources_are_in_it():
    latency = schema()["$defs"]["Latency"]["properties"]
    factor = latency["route_factor"]
    assert (factor["default"], factor["minimum"], factor["maximum"]) == (1.37, 1.0, 5.0)
    assert "Azure" in factor["x-default-source"]
    assert latency["fec_us"]["x-default-source"].startswith("ASSUMPTION")
    assert schema()["$defs"]["Fibre"]["properties"]["status"]["enum"] == [
        "candidate",
        "existing",
        "leasable",
    ]


def test_every_reference_leads_somewhere():
    root = schema()
    references = set()

    def walk(node):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if key == "$ref":
                references.add(value)
            elif isinstance(value, dict | list):
                walk(value)

    walk(root)
    assert {f"#/$defs/{name}" for name in root["$defs"]} >= references
    assert len(references) > 15


def test_the_same_bytes_come_every_time():
    assert json_schema() == json_schema()
    assert msgspec.json.decode(json_schema())["title"] == "Arterial network description"
