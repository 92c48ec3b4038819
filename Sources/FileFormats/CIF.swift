import Atomistics
import CGemmi
import Foundation

/// Crystallographic Information Files of inorganic and small-molecule crystals: read by gemmi,
/// written in P 1.
///
/// Reading applies the symmetry (the operations listed; else the Hall or Hermann-Mauguin symbol)
/// and gives all atoms of the cell, wrapped into it, **a** along x and **b** in the xy plane.
/// Crystals in which a site is only partly occupied are refused: no calculation takes half an
/// atom. Writing keeps fractional coordinates and the cell's shape, not its orientation.
///
/// gemmi: Wojdyr, J. Open Source Softw. 7, 4200 (2022), doi 10.21105/joss.04200.
public struct CIF: WritableFormat {
  public init() {}

  public let name = "CIF (.cif)"

  public func claims(fileName: String) -> Bool { fileName.hasSuffix(".cif") }

  public func claims(head: [String]) -> Bool {
    head.contains { $0.lowercased().hasPrefix("data_") }
      && head.contains { fields($0).first.map { $0.hasPrefix("_") } ?? false }
  }

  public func readStructure(from lines: LineReader) throws -> Structure {
    let text = try lines.remainingText()
    let crystal = try parse(text, path: lines.path)
    let sites = try mergedSites(crystal.atoms, path: lines.path)
    let cell = crystal.cell
    let lattice = Lattice(
      a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
    return Structure(
      lattice: lattice, species: sites.map(\.element), fractional: sites.map(\.position)
    ).wrapped()
  }

  private struct Site {
    let label: String
    let element: Element
    let position: Vector3
    var occupancy: Double
    let index: Int
  }

  private func parse(_ text: String, path: String) throws -> (cell: [Double], atoms: [Site]) {
    var text = text
    var crystal = cgemmi_crystal()
    var failure = cgemmi_error()
    let read = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cgemmi_read_cif($0.baseAddress, $0.count, &crystal, &failure)
      }
    }
    guard read == 1 else {
      throw FileFormatsError.badFile(
        path: path, line: failure.line > 0 ? Int(failure.line) : nil,
        reason: string(failure.message))
    }
    defer { cgemmi_free(&crystal) }
    let cell = withUnsafeBytes(of: crystal.cell) { Array($0.bindMemory(to: Double.self)) }
    let atoms = UnsafeBufferPointer(start: crystal.atoms, count: crystal.count)
    return (cell, try atoms.map { try site($0, path: path) })
  }

  private func site(_ atom: cgemmi_atom, path: String) throws -> Site {
    let symbol = string(atom.symbol)
    // Deuterium is hydrogen to every potential.
    guard let element = Element(symbol == "D" ? "H" : symbol) else {
      throw FileFormatsError.badFile(
        path: path, line: nil,
        reason: "the site \(string(atom.label)) is of '\(string(atom.type))', which is not an "
          + "element")
    }
    return Site(
      label: string(atom.label), element: element, position: Vector3(atom.x, atom.y, atom.z),
      occupancy: atom.occupancy, index: Int(atom.site))
  }

  /// Parts of one atom that are listed in the same place are put together; then every site must
  /// be full.
  private func mergedSites(_ sites: [Site], path: String) throws -> [Site] {
    var merged: [Site] = []
    for site in sites {
      let partner =
        site.occupancy > 0.999
        ? nil
        : merged.firstIndex {
          $0.occupancy < 0.999 && $0.element == site.element && $0.index != site.index
            && periodicDistance($0.position, site.position) < 1e-3
        }
      if let partner {
        merged[partner].occupancy += site.occupancy
      } else {
        merged.append(site)
      }
    }
    for site in merged where !(abs(site.occupancy - 1) <= 1e-3) {
      throw FileFormatsError.badFile(
        path: path, line: nil,
        reason: "the site \(site.label) (\(site.element)) is occupied to \(site.occupancy); "
          + "atoms are whole: make an ordered model of the crystal, e.g. with pymatgen's "
          + "OrderDisorderedStructureTransformation")
    }
    return merged
  }

  /// The largest difference of fractional coordinates, whole cells taken off.
  private func periodicDistance(_ a: Vector3, _ b: Vector3) -> Double {
    let d = a - b
    let rest = d - d.rounded(.toNearestOrEven)
    return max(abs(rest.x), abs(rest.y), abs(rest.z))
  }

  public func text(of structure: Structure) -> String {
    // A CIF's cell is right-handed: a left-handed one gets a and b exchanged, atoms and all, or
    // else the file would hold the mirror image.
    let swaps = structure.lattice.matrix.determinant < 0
    let lattice =
      swaps
      ? Lattice(structure.lattice.b, structure.lattice.a, structure.lattice.c)
      : structure.lattice
    let (lengths, angles) = (lattice.lengths, lattice.angles)
    var lines = ["data_\(structure.composition.formula)"]
    for (name, value) in zip(["a", "b", "c"], [lengths.x, lengths.y, lengths.z]) {
      lines.append("_cell_length_\(name) \(value)")
    }
    for (name, value) in zip(["alpha", "beta", "gamma"], [angles.x, angles.y, angles.z]) {
      lines.append("_cell_angle_\(name) \(value)")
    }
    lines += ["_space_group_name_H-M_alt 'P 1'", "_space_group_IT_number 1", "loop_"]
    lines += ["label", "type_symbol", "fract_x", "fract_y", "fract_z", "occupancy"].map {
      "_atom_site_\($0)"
    }
    for (index, element) in structure.species.enumerated() {
      let s = lattice.fractional(structure.positions[index])
      lines.append("\(element)\(index + 1) \(element) \(s.x) \(s.y) \(s.z) 1")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The text in one of C's arrays of characters.
private func string<T>(_ characters: T) -> String {
  withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
