// The number of hops that a lookup needs, in closed form for ids that fill a binary tree evenly.
#pragma once

namespace motley::swarm {

/// Mean number of bits of the target that one hop fixes, far from the target:
/// B_k = 1 + sum over j >= 1 of 1 - (1 - 2^-j)^k. Hops grow by 1 / B_k for each doubling of sites.
double bits_per_hop(int contacts);

/// Mean hops between two different sites of 2^levels, by recursion over the size of the subtree
/// that holds the target: one hop leads to the closest of `contacts` distinct random sites in it.
double expected_hops(int levels, int contacts);

/// The same for any number of sites >= 2, linear in the logarithm between powers of two.
double expected_hops_of(double sites, int contacts);

}  // namespace motley::swarm
