"""Simulated machines for SimGrid: descriptions of networks, and the program on them."""
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

# A link of the network: 200 Gbit/s, 0.4 us; all ranks of a node share one. Inside a node: 8 GB/s for each pair, 0.3 us.
LINK, LATENCY, INSIDE, INSIDE_LATENCY = "25GBps", "0.4us", "8GBps", "0.3us"
# What a message costs the processor at either end; with both it is what `kind = "scaling"` measures.
MESSAGE = 0.4e-6

KINDS = ("fat-tree", "dragonfly", "torus")
# Messages of any size, as many as there are, take the latency of a path. Where ranks talk to all others such a machine is
# simulated many times faster, and a step on it is a lower bound of that on a real one.
UNLIMITED, UNLIMITED_LATENCY = "unlimited", 1.2e-6


def factors(number, places):
    """`number`, a power of two, as a product of `places` factors that differ by a factor of two at most."""
    found, place = [1] * places, 0
    while number > 1:
        assert number % 2 == 0, "machines have a power of two of nodes"
        found[place % places] *= 2
        number, place = number // 2, place + 1
    return found


def shape(kind, nodes):
    """The attributes of SimGrid's cluster for a network of that many nodes."""
    if kind == "fat-tree":
        # Up to 8 nodes on a leaf, as many links up as down: any pairing of nodes has full bandwidth.
        leaf = min(nodes, 8)
        if nodes == leaf:
            return "FAT_TREE", f"1;{nodes};1;1"
        spines = leaf // 2
        return "FAT_TREE", f"2;{leaf},{nodes // leaf};1,{spines};1,2"
    if kind == "dragonfly":
        # The router of a chassis that has a group's number has the link to that group: as many routers as groups.
        routers, groups, here, chassis = factors(nodes, 4)
        return "DRAGONFLY", f"{groups},1;{chassis},1;{routers},1;{here}"
    # SimGrid takes no side of one node twice.
    return "TORUS", ",".join(str(side) for side in factors(nodes, 3) if side > 1) or "1"


def island(kind, nodes):
    """Nodes of a group that has a link of LINK to each other group; 0: the network has no such groups."""
    groups = int(shape(kind, nodes)[1].split(",")[0]) if kind == "dragonfly" else 1
    return nodes // groups if groups > 1 else 0


def platform(kind, nodes, cores, link=LINK):
    if kind == UNLIMITED:
        hosts = "".join(f'<host id="node{i}" speed="1Gf" core="{cores}"/>' for i in range(nodes))
        network = f'<zone id="machine" routing="None">{hosts}</zone>'
    else:
        name, parameters = shape(kind, nodes)
        network = f"""<cluster id="machine" prefix="node" suffix="" radical="0-{nodes - 1}" speed="1Gf" core="{cores}"
           bw="{link}" lat="{LATENCY}" loopback_bw="{INSIDE}"
           loopback_lat="{INSIDE_LATENCY}" topology="{name}" topo_parameters="{parameters}"/>"""
    return f"""<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
  {network}
</platform>
"""


def settings(kind):
    if kind != UNLIMITED:
        return SETTINGS
    return SETTINGS | {"network/model": "Constant", "network/latency-factor": UNLIMITED_LATENCY}


# Only what charge_step.cpp says costs processor time, so that a simulation is the same every time. Networks have the
# bandwidths and latencies of their descriptions, without the factors that SimGrid measured on another one.
SETTINGS = {
    "smpi/simulate-computation": "no", "smpi/host-speed": "1Gf",
    "smpi/os": f"0:{MESSAGE}:0", "smpi/ois": f"0:{MESSAGE}:0", "smpi/or": f"0:{MESSAGE}:0",
    # Nor do messages slow those that go the other way, as acknowledgements of TCP do.
    "smpi/bw-factor": "0:1", "smpi/lat-factor": "0:1", "network/crosstraffic": "no",
    # A look at messages that have not come costs so much. By default 0.1 ms, and more each time: a step looks 16 times.
    "smpi/test": "1e-8", "smpi/grow-injected-times": "no",
    # Only the start of a run probes for messages. While it waits it looks seldom, or simulations of a thousand ranks
    # would do nothing else; and its collective operations are those of Open MPI, not the linear ones of SMPI.
    "smpi/iprobe": "1e-5", "smpi/coll-selector": "ompi",
}


def result(text):
    """The RESULT line as a dict."""
    line = re.search(r"^RESULT (.*)$", text, re.M)
    if not line:
        raise RuntimeError(f"no RESULT line:\n{text[-2000:]}")
    return dict(word.split("=", 1) for word in line[1].split())


def simulate(program, kind, ranks, cores, timeout=None, link=LINK, **options):
    """Runs the program on `ranks` ranks of a machine whose nodes have `cores` each."""
    nodes = max(ranks // cores, 1)
    options = {"island_nodes": island(kind, nodes), "island_gb_per_s": link.removesuffix("GBps")} | options
    with tempfile.TemporaryDirectory(prefix="motley-scale-") as folder:
        machine, hosts = Path(folder, "machine.xml"), Path(folder, "hosts.txt")
        machine.write_text(platform(kind, nodes, cores, link), encoding="utf-8")
        hosts.write_text("".join(f"node{i}:{cores}\n" for i in range(nodes)), encoding="utf-8")
        command = ["smpirun", "-no-privatize", "-np", str(ranks), "-platform", str(machine), "-hostfile", str(hosts)]
        command += [f"--cfg={name}:{value}" for name, value in settings(kind).items()]
        command += ["--log=root.threshold:warning", str(program)]
        command += [f"{name}={value}" for name, value in options.items()]
        start = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
                              start_new_session=True) as started:
            try:
                out, err = started.communicate(timeout=timeout)
            except BaseException:
                # smpirun is a script, which the simulation would outlive.
                os.killpg(started.pid, signal.SIGKILL)
                raise
        if started.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}\nexit {started.returncode}\n{out[-2000:]}{err[-2000:]}")
        found = result(out)
        found.update(machine=kind, cores=str(cores), real_s=f"{time.monotonic() - start:.1f}")
        return found
