"""The page on plans and proofs lists every column, every field and every key of an answer."""

from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from arterial.design import shape_cuts
from arterial.design.stock import Exchanged
from arterial.design.works import Step
from arterial.optics import repacking, spectrum_use
from arterial.plan import plan as plans
from arterial.plan import rows, verdict
from arterial.prove import answered, barrier, criticality, further_cut, loss, lost, ridden, survival
from arterial.report import better, built, materials, moved, price
from arterial.study import (
    bill,
    catalogue,
    chain,
    check,
    demo,
    design,
    diff,
    diff_table,
    evolve,
    gnpy,
    growth,
    imports,
    latency_answer,
    protect,
    prove,
    reach,
    report,
    restore,
    route,
    route_tables,
    shape_answer,
    shape_set,
    shapes,
    spectrum,
    sweep,
    sweep_tables,
    tradeoff,
    traffic,
    upgrade,
    why,
)

ROOT = Path(__file__).parents[1]
PLAN = (ROOT / "docs" / "PLAN.md").read_text(encoding="utf-8")

COLUMNS: dict[str, type[Struct]] = {
    "lightpaths": rows.Lightpath,
    "lightpath_hops": rows.LightpathHop,
    "ip_links": rows.IpLink,
    "bought_units": rows.BoughtUnit,
    "lit_fibres": rows.LitFibre,
    "replicas": rows.Replica,
    "serving": rows.Serving,
    "demands": rows.Demand,
    "tunnels": rows.Tunnel,
    "tunnel_hops": rows.TunnelHop,
    "bill": rows.BillItem,
    "restored_waves": rows.RestoredWave,
    "restored_hops": rows.RestoredHop,
    "spares": rows.SpareRegenerators,
    "gates": verdict.Gate,
    "worst_links": verdict.WorstLink,
    "worst_classes": verdict.WorstClass,
    "cut_off": verdict.CutOff,
    "routed_tunnels": route_tables.RoutedTunnel,
    "routed_links": route_tables.LinkLoad,
    "partings": verdict.Parting,
    "beyond": verdict.Beyond,
    "beyond_worst": verdict.BeyondCase,
    "no_way": verdict.NoWay,
    "excepted": verdict.Excepted,
}

ANSWERS: dict[str, tuple[type[Struct], ...]] = {
    "design": (design.Designed,),
    "shapes": (
        shapes.Shaped,
        shape_set.HubFigures,
        shape_set.RingFigures,
        shape_answer.ShapeFigures,
        shape_answer.CostParts,
        shape_answer.Delays,
        shape_answer.HeldTwoCuts,
        shape_cuts.Cannot,
        answered.DoubleCuts,
        survival.Survived,
        criticality.Spread,
        criticality.Loss,
        further_cut.FurtherCut,
    ),
    "prove": (
        prove.Proved,
        prove.GateFigures,
        prove.Critical,
        prove.BeyondFigures,
        verdict.Parting,
        verdict.NoWay,
    ),
    "protect": (
        protect.Protected,
        protect.Level,
        protect.MomentFigures,
        protect.CaseFigures,
        protect.MomentAt,
    ),
    "catalogue": (catalogue.Catalogued, catalogue.CatalogueRow, catalogue.Gap, catalogue.Figure),
    "upgrade": (
        upgrade.Upgraded,
        upgrade.RouteFigures,
        upgrade.ModeFigures,
        upgrade.SectionFigures,
        Step,
        Exchanged,
    ),
    "diff": (
        diff.Differs,
        built.Change,
        moved.Served,
        moved.Rerouted,
        better.ItemCost,
        better.Figure,
        better.RoundTrip,
        better.GateChange,
        better.LinkLoad,
        diff_table.DiffRow,
    ),
    "why": (
        why.Explained,
        ridden.CaseLoad,
        ridden.Rider,
        lost.GateTurned,
        loss.Loss,
        why.TwoCuts,
        barrier.Barrier,
        barrier.Narrow,
        price.PricePart,
    ),
    "check": (check.Checked, check.Unknown),
    "reach": (reach.Reached, reach.RouteReach, reach.ModeReach),
    "latency": (
        latency_answer.LatencyTold,
        latency_answer.View,
        latency_answer.After,
        latency_answer.WithinBound,
        latency_answer.Hurt,
        latency_answer.SessionFigures,
        latency_answer.Frontier,
        latency_answer.FrontierPoint,
        latency_answer.OutOfReach,
        latency_answer.MarketFigures,
    ),
    "evolve": (evolve.Evolved, evolve.WayRow, evolve.OrderRow, evolve.Lasts, chain.PhasePlan),
    "growth": (growth.Grown, growth.PairGrowth, growth.PlantGrowth, growth.CampusPower),
    "tradeoff": (
        tradeoff.TradedOff,
        tradeoff.Point,
        tradeoff.PolicyPrice,
        tradeoff.Sensitivity,
    ),
    "spectrum": (
        spectrum.SpectrumFound,
        spectrum.FurtherPair,
        spectrum.InstalledWave,
        spectrum_use.PairUse,
        repacking.Repacked,
    ),
    "route": (route.Routed, route.StepLeft, route.ClassCarried, route.Unserved),
    "sweep": (
        sweep.Swept,
        sweep.CaseFigures,
        sweep.ClassFigures,
        sweep.LinkFigures,
        sweep.Parted,
        sweep.Odds,
        sweep_tables.CaseClass,
        sweep_tables.Element,
    ),
    "report": (report.Reported,),
    "bill": (bill.Billed, bill.Part, materials.Material),
    "export": (gnpy.GnpyExport, gnpy.GnpyCheck, gnpy.GnpyRow),
    "restore": (
        restore.Restored,
        restore.CaseFigures,
        restore.LinkFigures,
        restore.Times,
        restore.Refused,
    ),
    "import": (imports.Imported,),
    "traffic": (traffic.Traffic,),
    "demo": (demo.Demo, demo.Infeasible, demo.Stage),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_the_plan_page_lists_every_column_in_order(section, table, name):
    listed = [cells[0] for cells in table(section(PLAN, f"### {name}\n"), columns=2)[1:]]
    assert listed == [f"`{field}`" for field in COLUMNS[name].__struct_fields__]


@pytest.mark.parametrize("name", ["plan", "proof"])
def test_the_plan_page_lists_what_a_document_says(section, table, name):
    listed = {cells[0].strip("`") for cells in table(section(PLAN, f"## {name}.json"), columns=2)}
    kind = plans.Plan if name == "plan" else verdict.Proof
    elsewhere = {*COLUMNS, "seconds"}
    assert set(kind.__struct_fields__) - elsewhere <= listed


@pytest.mark.parametrize("verb", ANSWERS)
def test_the_plan_page_names_every_key_of_an_answer(section, verb):
    answers = section(PLAN, "## Answers with --json")
    told = next(part for part in answers.split("\n\n") if part.startswith(f"`{verb}`:"))
    told += "".join(
        part for part in answers.split("\n\n") if verb == "prove" and "critical" in part
    )
    keys = [key.encode_name for kind in ANSWERS[verb] for key in msgspec.structs.fields(kind)]
    assert [key for key in keys if f"`{key}`" not in told] == []
