// A document with every kind of table and figure, and with what is hard to draw.
#pragma once

#include "motley/report/document.hpp"

namespace motley::report::test {

Document gallery();

}  // namespace motley::report::test
