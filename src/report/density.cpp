#include "motley/report/document.hpp"

namespace motley::report {

Density::Density(std::int64_t nodes)
    : nodes_(nodes),
      arcs_(static_cast<std::size_t>(NetworkPicture::cells) * NetworkPicture::cells) {}

std::vector<double> Density::shares() const {
    std::vector<double> members(static_cast<std::size_t>(NetworkPicture::cells));
    // Cell c holds the vertices from ceil(c nodes / cells) on.
    const auto first = [&](std::int64_t c) {
        return (c * nodes_ + NetworkPicture::cells - 1) / NetworkPicture::cells;
    };
    for (std::int64_t c = 0; c < NetworkPicture::cells; ++c) {
        members[static_cast<std::size_t>(c)] = static_cast<double>(first(c + 1) - first(c));
    }
    std::vector<double> shares(arcs_.size());
    for (std::size_t i = 0; i < arcs_.size(); ++i) {
        const std::size_t row = i / NetworkPicture::cells, column = i % NetworkPicture::cells;
        const double pairs = members[row] * (members[column] - (row == column ? 1.0 : 0.0));
        if (pairs > 0.0) shares[i] = static_cast<double>(arcs_[i]) / pairs;
    }
    return shares;
}

}  // namespace motley::report
