// Values of a design that the tables of its results show.
#pragma once

#include <string>

#include "motley/redesign/study/result_columns.hpp"

namespace motley::redesign {

/// The number, or nan where it is 0 because the job does not say it.
double positive(double number);
/// The sum of the demands, units per second.
double total_demand(const DesignRow& r);
/// Share of the throughput of the fleet that the network carries at `limit`.
double share_of(const DesignRow& r, double limit);
/// A loss with the name of the type that is lost.
WorstLoss worst_loss(const DesignRow& r, const fleet::Loss& loss);
/// Heterogeneity by level of the machine, nats.
NamedNumbers level_shares(const DesignRow& r);
/// Shares of the classes in the price of the mix.
NamedNumbers task_prices(const DesignRow& r);
/// Theta that one more device of each type adds.
NamedNumbers device_worth(const DesignRow& r);
/// Theta of the packed, spread and searched placement, what none exceeds, and how many were tried.
NamedNumbers placement_thetas(const DesignRow& r);
/// The same as words; empty where the placement was not searched.
std::string placement_text(const DesignRow& r);
/// The throughput of the pipeline, nan where the class is none; what limits it.
double pipeline_throughput(const DesignRow& r);
NamedNumbers pipeline_cut(const DesignRow& r);
NamedNumbers stage_units(const DesignRow& r);
NamedNumbers stage_prices(const DesignRow& r);
/// An interval over the scenarios; not numbers where there are none.
Bracket interval_of(const DesignRow& r, Bracket DesignIntervals::*member);
/// Share of the scenarios in which the demand is served; nan where nothing is uncertain.
double chance_of(const DesignRow& r);
/// The price of a million units of each class: the price of the design, shared out by the prices of
/// the classes.
NamedNumbers price_per_million(const DesignRow& r);
/// "rack 0.2, node 0.1"
std::string text_of_levels(const DesignRow& r);
double devices_in(const DesignRow& r);
/// Racks that the rack units fill; nan where no height is given.
double racks_of(const DesignRow& r);
/// `all` of the design, by rack.
double per_rack(const DesignRow& r, double all);
/// Seconds that 95 % of the requests of each class wait at most.
NamedNumbers waits_of(const DesignRow& r);
/// Units per second of the demand that are served.
double served_units(const DesignRow& r);
/// The theta after the worst failure of any part of the fabric that was tried; nan: none was.
double after_fabric_loss(const DesignRow& r);
/// Names of the conditions that are not met.
std::string failed_conditions(const DesignRow& r);

}  // namespace motley::redesign
