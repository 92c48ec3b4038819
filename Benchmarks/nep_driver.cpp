// Times the class NEP of the nep_cpu sources in calorine's source archive, without Python.
//
//     nep_driver MODEL FRAME CALLS REPEATS OUTPUT
//
// FRAME: the number of atoms; the box as ax bx cx ay by cy az bz cz; then element x y z of each atom.
// OUTPUT gets one JSON object: energies and forces of the frame, and microseconds per atom and call of
// each repeat, on the clock and as processor time; before each call, outside the clock, every atom is
// put a little away from where it stands in the frame. The class builds its neighbour list in every
// call; how long that takes by itself is told apart.

#include "nep.h"
#include "neighbor_nep.h"
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

struct Frame {
  std::vector<int> type;
  std::vector<double> box;
  std::vector<double> position;  // all x, then all y, then all z
};

static Frame read_frame(const std::string& path, const NEP& nep)
{
  std::ifstream file(path);
  std::size_t count = 0;
  file >> count;
  Frame frame{std::vector<int>(count), std::vector<double>(9), std::vector<double>(3 * count)};
  for (double& component : frame.box) file >> component;
  for (std::size_t n = 0; n < count; ++n) {
    std::string element;
    file >> element >> frame.position[n] >> frame.position[n + count] >>
      frame.position[n + 2 * count];
    int type = -1;
    for (std::size_t t = 0; t < nep.element_list.size(); ++t) {
      if (nep.element_list[t] == element) type = int(t);
    }
    if (!file || type < 0) throw std::runtime_error("cannot read atom " + std::to_string(n + 1));
    frame.type[n] = type;
  }
  return frame;
}

// The frame with every coordinate moved by up to 0.01 Å.
static void jitter(const Frame& frame, std::uint64_t& state, std::vector<double>& position)
{
  for (std::size_t k = 0; k < position.size(); ++k) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    position[k] = frame.position[k] + 0.02 * (double(state >> 11) * 0x1p-53 - 0.5);
  }
}

struct Timer {
  std::chrono::steady_clock::time_point wall;
  timespec cpu;
  double wall_us = 0;
  double cpu_us = 0;

  void start()
  {
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    wall = std::chrono::steady_clock::now();
  }
  void stop()
  {
    const auto end = std::chrono::steady_clock::now();
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    wall_us += std::chrono::duration<double, std::micro>(end - wall).count();
    cpu_us += 1e6 * double(now.tv_sec - cpu.tv_sec) + 1e-3 * double(now.tv_nsec - cpu.tv_nsec);
  }
};

static void write(std::ostream& out, const char* key, const std::vector<double>& values)
{
  out << "\"" << key << "\": [";
  for (std::size_t k = 0; k < values.size(); ++k) out << (k ? ", " : "") << values[k];
  out << "]";
}

int main(int argc, char** argv)
{
  if (argc != 6) {
    std::cerr << "usage: nep_driver MODEL FRAME CALLS REPEATS OUTPUT\n";
    return 64;
  }
  NEP nep{std::string(argv[1])};
  const Frame frame = read_frame(argv[2], nep);
  const int calls = std::atoi(argv[3]);
  const int repeats = std::atoi(argv[4]);
  const std::size_t count = frame.type.size();
  std::vector<double> energies(count), forces(3 * count), virials(9 * count);
  nep.compute(frame.type, frame.box, frame.position, energies, forces, virials);

  std::ofstream out(argv[5]);
  out << std::setprecision(17) << "{";
  write(out, "energies_eV", energies);
  out << ", ";
  write(out, "forces_xyz_eV_per_A", forces);

  std::uint64_t state = 1;
  std::vector<double> position(frame.position), wall, cpu, list;
  const double per_atom = 1.0 / (double(count) * calls);
  for (int repeat = 0; repeat < repeats; ++repeat) {
    Timer all, lists;
    for (int call = 0; call < calls; ++call) {
      jitter(frame, state, position);
      all.start();
      nep.compute(frame.type, frame.box, position, energies, forces, virials);
      all.stop();
      lists.start();
      find_neighbor_list_small_box(
        nep.paramb.rc_radial_max, nep.paramb.rc_angular_max, int(count),
        int(nep.NL_radial.size() / count), frame.box, position, nep.num_cells, nep.ebox,
        nep.NN_radial, nep.NL_radial, nep.NN_angular, nep.NL_angular, nep.r12);
      lists.stop();
    }
    wall.push_back(all.wall_us * per_atom);
    cpu.push_back(all.cpu_us * per_atom);
    list.push_back(lists.wall_us * per_atom);
  }
  out << ", ";
  write(out, "wall_us", wall);
  out << ", ";
  write(out, "cpu_us", cpu);
  out << ", ";
  write(out, "list_us", list);
  out << "}\n";
  return out.good() ? 0 : 74;
}
