// Non-blocking consensus: a synchronous send ends when its receiver has found it. A rank whose
// sends have ended enters a barrier that does not block; when that ends, nothing is under way.
#include <algorithm>

#include "motley/mpi/communicator.hpp"
#include "mpi/checked.hpp"

namespace motley::mpi {
namespace {

/// An item as one MPI type, so that counts are items.
class ItemType {
  public:
    explicit ItemType(std::size_t bytes) {
        checked(MPI_Type_contiguous(as_count(bytes), MPI_BYTE, &type_), "MPI_Type_contiguous");
        checked(MPI_Type_commit(&type_), "MPI_Type_commit");
    }
    ~ItemType() { MPI_Type_free(&type_); }
    ItemType(const ItemType&) = delete;
    ItemType& operator=(const ItemType&) = delete;
    MPI_Datatype get() const { return type_; }

  private:
    MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

}  // namespace

void Communicator::exchange_between_few(
    const std::map<int, std::span<const std::byte>>& send, std::size_t item_bytes,
    const std::function<std::byte*(int, std::size_t)>& place) const {
    if (comm_ == MPI_COMM_NULL) {
        for (const auto& [rank, bytes] : send) {
            std::ranges::copy(bytes, place(rank, bytes.size() / item_bytes));
        }
        return;
    }
    constexpr int tag = 1;  // all others have 0
    const ItemType item(item_bytes);
    std::vector<MPI_Request> sends;
    for (const auto& [rank, bytes] : send) {
        checked(MPI_Issend(bytes.data(), as_count(bytes.size() / item_bytes), item.get(), rank, tag,
                           comm_, &sends.emplace_back()),
                "MPI_Issend");
    }
    MPI_Request barrier = MPI_REQUEST_NULL;
    bool entered = false;
    for (int done = 0; done == 0;) {
        int found = 0;
        MPI_Status status;
        checked(MPI_Iprobe(MPI_ANY_SOURCE, tag, comm_, &found, &status), "MPI_Iprobe");
        if (found != 0) {
            int count = 0;
            checked(MPI_Get_count(&status, item.get(), &count), "MPI_Get_count");
            checked(MPI_Recv(place(status.MPI_SOURCE, static_cast<std::size_t>(count)), count,
                             item.get(), status.MPI_SOURCE, tag, comm_, MPI_STATUS_IGNORE),
                    "MPI_Recv");
        } else if (entered) {
            checked(MPI_Test(&barrier, &done, MPI_STATUS_IGNORE), "MPI_Test");
        } else {
            int ended = 0;
            checked(MPI_Testall(as_count(sends.size()), sends.data(), &ended, MPI_STATUSES_IGNORE),
                    "MPI_Testall");
            if (ended == 0) continue;
            checked(MPI_Ibarrier(comm_, &barrier), "MPI_Ibarrier");
            entered = true;
        }
    }
    // A rank that leaves early must not send for the next exchange while another still looks for
    // messages of this one.
    this->barrier();
}

}  // namespace motley::mpi
