import numpy as np
import pytest
from msgspec import structs

from arterial.errors import ModelError
from arterial.fabric.ip import fibre_fabric, ip_fabric
from arterial.model.fibre import Fibre, Link
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.units import fibre_delay_ms


def network(*links):
    return Network(name="n", title="t", sites=tuple(Site(name=name) for name in "ABC"), links=links)


PLAIN = Link(name="L", a="A", z="B", capacity_gbps=100.0, latency_ms=1.5, risks=("duct",))


def test_a_link_is_two_arcs_of_one_capacity_delay_and_metric():
    far = Link(name="K", a="C", z="B", capacity_gbps=400.0, igp_metric=7, risks=("duct",))
    fabric = ip_fabric(network(PLAIN, far))
    assert (fabric.sites, fabric.links) == (("A", "B", "C"), ("L", "K"))
    assert fabric.ends.tolist() == [[0, 1], [2, 1]]
    assert fabric.capacity_gbps.tolist() == [100.0, 100.0, 400.0, 400.0]
    assert fabric.metric.tolist() == [1500.0, 1500.0, 7.0, 7.0]
    assert fabric.latency_ms[:2].tolist() == [1.5, 1.5]
    assert np.isnan(fabric.latency_ms[2:]).all()
    assert fabric.risks == (("duct", (0, 1)),)
    assert fabric.routers.tolist() == [1, 1, 1]


def test_a_length_stands_for_a_delay_and_no_metric_is_below_one():
    near = structs.replace(PLAIN, latency_ms=0.0)
    long = structs.replace(PLAIN, name="K", latency_ms=None, length_km=100.0)
    net = network(near, long)
    fabric = ip_fabric(net)
    assert fabric.metric[0] == 1.0
    assert fabric.latency_ms[2] == pytest.approx(fibre_delay_ms(100.0) * net.latency.route_factor)


def test_links_without_metric_delay_and_length_are_told_all_at_once():
    bare = [structs.replace(PLAIN, name=name, latency_ms=None) for name in ("K", "M")]
    with pytest.raises(ModelError) as told:
        ip_fabric(network(PLAIN, *bare))
    assert [f"'{name}'" in str(told.value) for name in ("L", "K", "M")] == [False, True, True]


def test_a_network_without_links_is_told():
    with pytest.raises(ModelError, match="there are no links"):
        ip_fabric(network())


def fibred(*fibres):
    return Network(name="n", sites=tuple(Site(name=name) for name in "ABC"), fibres=fibres)


def test_every_existing_fibre_stands_for_a_link_of_the_capacity_asked():
    near = Fibre(name="f", a="A", z="B", length_km=100.0, risks=("duct",))
    unknown = Fibre(name="g", a="B", z="C")
    dream = Fibre(name="h", a="A", z="C", length_km=1.0, status="candidate")
    fabric = fibre_fabric(fibred(near, unknown, dream), 400.0)
    assert fabric.links == ("f", "g")
    assert fabric.metric[2] == fabric.metric[0] > 1.0
    assert np.isnan(fabric.latency_ms[2])
    assert (fabric.fibres, fabric.risks) == ((("f", (0,)), ("g", (1,))), (("duct", (0,)),))


def test_a_network_with_neither_links_nor_fibres_is_told():
    with pytest.raises(ModelError, match="neither links nor existing fibres"):
        fibre_fabric(network(), 400.0)
