# The table of layers, lowest first: what each is for, which layers it uses, which libraries it links. The build reads
# it, tests/check_layers proves it from the sources, docs/architecture.md shows it.
motley_layer(core "ids, errors, counter-based random numbers, exact sums, vectors, text" NO_MPI
  LIBRARIES PkgConfig::XXHASH fmt::fmt)
motley_layer(model "state of the production system, the rows that it reads, and the kernel of its step" NO_MPI
  USES core)
motley_layer(mpi "communicators, typed collectives, halo exchange, errors that all ranks share" MPI_HEADER
  USES core LIBRARIES MPI::MPI_CXX)
motley_layer(topology "the catalogue of graphs: generators, files, statistics" NO_MPI
  USES core LIBRARIES Boost::headers fmt::fmt pugixml::pugixml ZLIB::ZLIB BZip2::BZip2 PkgConfig::ZSTD)
motley_layer(partition "who owns which agent, and how good that is" MPI_HEADER
  USES core topology mpi LIBRARIES motley_metis ${ptscotch})
motley_layer(network "the distributed graph: what builds the rows of each rank and plans their exchange"
  USES core model topology mpi partition)
motley_layer(measure "productivity, heterogeneity, spatial scale, statistics"
  USES core topology mpi network model)
motley_layer(simulation "a system on this rank's part of the network: state, step, solve, certificate"
  USES mpi partition network model measure)
motley_layer(record "files: HDF5, CSV, checkpoints, status, provenance" COLD MPI_HEADER
  USES core mpi LIBRARIES motley_hdf5 nlohmann_json::nlohmann_json)
motley_layer(report "figures and tables of a page that opens offline; graphs for other programs" COLD NO_MPI
  USES core topology LIBRARIES fmt::fmt)
motley_layer(redesign/programme "linear and integer programmes" NO_MPI
  USES core LIBRARIES motley_coin)
motley_layer(redesign/fleet "fleets of devices: throughput, search, gain, flips" NO_MPI
  USES core redesign/programme LIBRARIES Boost::headers fmt::fmt)
motley_layer(redesign/fabric "traffic on a fabric: bounds, shortest paths, failures" NO_MPI
  USES core topology redesign/programme LIBRARIES fmt::fmt)
motley_layer(redesign/serving "what devices on a fabric serve: time, hand-over and routing together" NO_MPI
  USES core redesign/programme redesign/fabric LIBRARIES fmt::fmt)
motley_layer(swarm/overlay "how sites find the holder of a key: ids, contacts, lookups and their theory" NO_MPI
  USES core)
motley_layer(swarm/knowledge "what sites know: truths, keys, packets and how they are combined, closed forms" NO_MPI
  USES core)
motley_layer(swarm/round "a swarm on this rank: sites observe, publish, read and combine, round by round"
  USES core mpi swarm/overlay swarm/knowledge)
motley_layer(job "the job file: one table of keys, checks, schema" COLD NO_MPI
  USES core topology partition model simulation redesign/fleet redesign/fabric redesign/serving swarm/knowledge
  LIBRARIES PkgConfig::TOMLPP nlohmann_json::nlohmann_json)
motley_layer(experiment/pause "when work is set aside: signals, time limits, the intervals of checkpoints" COLD
  USES core mpi job)
motley_layer(redesign/study "a redesign judged: designs, networks, scenarios, verdict" COLD
  USES core mpi partition simulation record report job
       redesign/fleet redesign/fabric redesign/serving)
motley_layer(swarm/study "swarms of many sizes and policies: growth laws, claims, files" COLD
  USES core topology mpi partition measure record report job experiment/pause
       swarm/overlay swarm/knowledge swarm/round)
motley_layer(experiment/attack "what a solved system loses when agents are taken away"
  USES core topology mpi partition measure simulation job)
motley_layer(experiment/changes "what happens to a system while it runs: events, failures, arcs that are replaced"
  USES core topology mpi partition network simulation job experiment/attack)
motley_layer(experiment/run "one run, from a job to its files" COLD
  USES core topology mpi partition model measure simulation record report job experiment/pause
       experiment/attack experiment/changes
  LIBRARIES spdlog::spdlog)
motley_layer(experiment/plan "what a run will need"
  USES core topology mpi partition model measure simulation job)
motley_layer(experiment/compare "many runs, compared" COLD
  USES core mpi partition measure record report job experiment/pause experiment/run experiment/plan)
motley_layer(experiment/scaling "speed on more ranks, and a model of its cost" COLD
  USES core mpi partition measure simulation record report job experiment/plan)
motley_layer(experiment/export "finished results for other programs: tables, graphs with their agents" COLD
  USES core topology record report job LIBRARIES fmt::fmt)
motley_layer(experiment/classics "classical results of four fields, measured" COLD
  USES core topology mpi partition network simulation record report job
  LIBRARIES nlohmann_json::nlohmann_json)
motley_layer(cli "commands: flags, printing, exit codes; no algorithm" COLD
  USES core topology mpi partition record report job redesign/fabric redesign/study simulation
       experiment/pause experiment/run experiment/plan experiment/compare experiment/scaling
       experiment/export experiment/classics swarm/study
  LIBRARIES CLI11::CLI11 PRECOMPILE <CLI/CLI.hpp>)
