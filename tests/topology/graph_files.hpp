// Small graph files for tests, in a folder that goes away with the test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "motley/topology/topology.hpp"

namespace motley::topology {

class GraphFiles : public testing::Test {
  protected:
    GraphFiles()
        : folder_(std::filesystem::temp_directory_path() /
                  ("motley_graphs_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~GraphFiles() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    std::string write(const std::string& name, const std::string& content) const {
        std::ofstream(path(name), std::ios::binary) << content;
        return path(name);
    }

    /// The description of a file that is written now.
    Spec spec(const std::string& name, const std::string& content, bool directed = true) const {
        Spec spec;
        spec.file = write(name, content);
        spec.directed = directed;
        return spec;
    }

    std::filesystem::path folder_;
};

/// GraphML around the inside of a graph element.
inline std::string graphml(const std::string& keys, const std::string& graph) {
    return "<?xml version=\"1.0\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n" +
           keys + "<graph edgedefault=\"undirected\">\n" + graph + "</graph>\n</graphml>\n";
}

}  // namespace motley::topology
