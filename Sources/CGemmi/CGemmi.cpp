#include "CGemmi.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <gemmi/cif.hpp>
#include <gemmi/numb.hpp>
#include <gemmi/small.hpp>
#include <gemmi/symmetry.hpp>

namespace cif = gemmi::cif;

namespace {

// More than the 192 operations of any space group, and more atoms than any crystal here.
constexpr std::size_t most_operations = 1000;
constexpr std::size_t most_atoms = 1000000;

template <std::size_t N>
void copy_text(char (&target)[N], const std::string &text) {
  std::strncpy(target, text.c_str(), N - 1);
  target[N - 1] = '\0';
}

cif::Block &structure_block(cif::Document &document) {
  cif::Block *found = nullptr;
  for (cif::Block &block : document.blocks) {
    if (!block.find_values("_atom_site_fract_x"))
      continue;
    if (found)
      throw std::runtime_error(
          "there are several structures (" + found->name + ", " + block.name +
          "); keep one data block per file");
    found = &block;
  }
  if (!found)
    throw std::runtime_error(
        "there is no list of atoms (_atom_site_fract_x); expected the CIF of a crystal");
  return *found;
}

void read_cell(cif::Block &block, gemmi::UnitCell &cell) {
  const char *names[6] = {
      "_cell_length_a", "_cell_length_b", "_cell_length_c",
      "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"};
  double values[6];
  for (int i = 0; i < 6; ++i) {
    const std::string *text = block.find_value(names[i]);
    if (!text)
      throw std::runtime_error(std::string(names[i]) + " is missing");
    values[i] = cif::as_number(*text);
    const double least = i < 3 ? 0.1 : 1, most = i < 3 ? 1e5 : 179;
    if (!(values[i] >= least && values[i] <= most))
      throw std::runtime_error(
          std::string(names[i]) + " is '" + *text + "', expected a number in " +
          (i < 3 ? "angstrom" : "degrees"));
  }
  const double radian = std::acos(-1.0) / 180;
  const double ca = std::cos(values[3] * radian), cb = std::cos(values[4] * radian),
               cg = std::cos(values[5] * radian);
  if (!(1 - ca * ca - cb * cb - cg * cg + 2 * ca * cb * cg > 1e-6))
    throw std::runtime_error("the three angles of the cell do not go together");
  cell.set(values[0], values[1], values[2], values[3], values[4], values[5]);
}

const std::string *first_value(cif::Block &block, std::initializer_list<const char *> tags) {
  for (const char *tag : tags)
    if (const std::string *value = block.find_value(tag))
      if (!cif::is_null(*value))
        return value;
  return nullptr;
}

/// The operations that the file lists; empty if it lists none.
std::vector<gemmi::Op> listed_operations(cif::Block &block) {
  std::vector<gemmi::Op> operations;
  for (const char *tag :
       {"_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz",
        "_space_group_symop.operation_xyz"}) {
    for (const std::string &value : block.find_values(tag)) {
      const std::string triplet = cif::as_string(value);
      const gemmi::Op operation = gemmi::parse_triplet(triplet);
      const int unit = gemmi::Op::DEN * gemmi::Op::DEN * gemmi::Op::DEN;
      if (std::abs(operation.det_rot()) != unit)
        throw std::runtime_error("'" + triplet + "' is not a symmetry operation");
      operations.push_back(operation);
      if (operations.size() > most_operations)
        throw std::runtime_error("there are more symmetry operations than any group has");
    }
    if (!operations.empty())
      break;
  }
  return operations;
}

std::vector<gemmi::Op> group_operations(const gemmi::GroupOps &group) {
  std::vector<gemmi::Op> operations;
  for (gemmi::Op operation : group)
    operations.push_back(operation);
  return operations;
}

/// The operations listed, or else those of the group named; a file without either is refused.
std::vector<gemmi::Op> symmetry(cif::Block &block, const gemmi::UnitCell &cell) {
  std::vector<gemmi::Op> operations = listed_operations(block);
  if (!operations.empty())
    return operations;
  if (const std::string *hall =
          first_value(block, {"_space_group_name_Hall", "_symmetry_space_group_name_Hall"}))
    return group_operations(gemmi::symops_from_hall(cif::as_string(*hall).c_str()));
  const std::string *name = first_value(
      block, {"_space_group_name_H-M_alt", "_symmetry_space_group_name_H-M",
              "_space_group_name_H-M_ref"});
  if (name) {
    const gemmi::SpaceGroup *group =
        gemmi::find_spacegroup_by_name(cif::as_string(*name), cell.alpha, cell.gamma);
    if (!group)
      throw std::runtime_error(
          "the space group " + *name + " is not known; list the symmetry operations");
    return group_operations(group->operations());
  }
  if (const std::string *number = first_value(
          block, {"_space_group_IT_number", "_symmetry_Int_Tables_number"})) {
    const double value = cif::as_number(*number);
    const gemmi::SpaceGroup *group =
        value >= 1 && value <= 230 && value == std::floor(value)
            ? gemmi::find_spacegroup_by_number(static_cast<int>(value))
            : nullptr;
    if (!group)
      throw std::runtime_error("the space group number " + *number + " is not one of 1 to 230");
    return group_operations(group->operations());
  }
  throw std::runtime_error(
      "the file says nothing of its symmetry; add _space_group_name_H-M_alt, 'P 1' where all "
      "atoms are listed");
}

/// A site may go without a label; then its element stands for it.
cif::Table site_table(cif::Block &block) {
  const char *label = block.find_values("_atom_site_label") ? "label" : "type_symbol";
  return block.find(
      "_atom_site_", {label, "fract_x", "fract_y", "fract_z", "?type_symbol", "?occupancy"});
}

gemmi::SmallStructure::Site read_site(const cif::Table::Row &row) {
  gemmi::SmallStructure::Site site;
  site.label = cif::as_string(row[0]);
  site.type_symbol = row.has2(4) ? cif::as_string(row[4]) : site.label;
  site.fract = gemmi::Fractional(
      cif::as_number(row[1]), cif::as_number(row[2]), cif::as_number(row[3]));
  for (double x : {site.fract.x, site.fract.y, site.fract.z})
    if (!(std::fabs(x) < 1e4))
      throw std::runtime_error(
          "the site " + site.label + " has a coordinate that is not a number");
  site.occ = row.has2(5) ? cif::as_number(row[5]) : 1;
  if (!site.type_symbol.empty())
    gemmi::split_element_and_charge(site.type_symbol, &site);
  return site;
}

void read_sites(cif::Block &block, std::vector<gemmi::SmallStructure::Site> &sites) {
  cif::Table table = site_table(block);
  if (!table.ok())
    throw std::runtime_error(
        "the list of atoms lacks one of _atom_site_label, _atom_site_fract_x, _y, _z");
  for (auto row : table)
    sites.push_back(read_site(row));
}

std::vector<cgemmi_atom> expanded(gemmi::SmallStructure &crystal) {
  std::vector<cgemmi_atom> atoms;
  const std::vector<gemmi::SmallStructure::Site> sites = crystal.sites;
  if (sites.size() * (crystal.cell.images.size() + 1) > most_atoms)
    throw std::runtime_error("the cell holds more atoms than can be read");
  for (std::size_t index = 0; index < sites.size(); ++index) {
    crystal.sites = {sites[index]};
    for (const auto &site : crystal.get_all_unit_cell_sites()) {
      cgemmi_atom atom = {};
      copy_text(atom.label, site.label);
      copy_text(atom.symbol, site.element.name());
      copy_text(atom.type, site.type_symbol);
      atom.x = site.fract.x;
      atom.y = site.fract.y;
      atom.z = site.fract.z;
      atom.occupancy = site.occ;
      atom.site = index;
      atoms.push_back(atom);
    }
  }
  return atoms;
}

void read(const char *text, std::size_t length, cgemmi_crystal *result) {
  cif::Document document = cif::read_memory(text, length, "CIF");
  cif::Block &block = structure_block(document);
  gemmi::SmallStructure crystal;
  read_cell(block, crystal.cell);
  for (const gemmi::Op &operation : symmetry(block, crystal.cell)) {
    if (operation == gemmi::Op::identity())
      continue;
    crystal.cell.images.push_back(
        gemmi::Transform{gemmi::rot_as_mat33(operation), gemmi::tran_as_vec3(operation)});
  }
  read_sites(block, crystal.sites);
  const std::vector<cgemmi_atom> atoms = expanded(crystal);
  if (atoms.empty())
    throw std::runtime_error("the list of atoms is empty");
  cgemmi_atom *copy =
      static_cast<cgemmi_atom *>(std::malloc(atoms.size() * sizeof(cgemmi_atom)));
  if (!copy)
    throw std::bad_alloc();
  std::memcpy(copy, atoms.data(), atoms.size() * sizeof(cgemmi_atom));
  const double cell[6] = {crystal.cell.a,     crystal.cell.b,    crystal.cell.c,
                          crystal.cell.alpha, crystal.cell.beta, crystal.cell.gamma};
  std::memcpy(result->cell, cell, sizeof cell);
  result->count = atoms.size();
  result->atoms = copy;
}

}  // namespace

int cgemmi_read_cif(
    const char *text, size_t length, cgemmi_crystal *crystal, cgemmi_error *error) {
  *crystal = {};
  *error = {};
  try {
    read(text, length, crystal);
    return 1;
  } catch (const tao::pegtl::parse_error &failure) {
    error->line = failure.positions().empty() ? 0 : failure.positions().front().line;
    copy_text(error->message, std::string(failure.message()));
  } catch (const std::exception &failure) {
    copy_text(error->message, failure.what());
  } catch (...) {
    copy_text(error->message, "gemmi failed without a reason");
  }
  return 0;
}

void cgemmi_free(cgemmi_crystal *crystal) {
  std::free(crystal->atoms);
  crystal->atoms = nullptr;
  crystal->count = 0;
}
