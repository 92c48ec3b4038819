import Atomistics

/// One way to cut a plane as pymatgen cuts it, with the label that its builder gives.
///
/// pymatgen keeps one cut of those whose slabs its `StructureMatcher` takes for the same, and of cuts
/// with equal labels the last. Here every cut is listed, with the bonds of clusters that it cuts.
public struct PymatgenTermination: Sendable {
  /// Where it is cut, in fractions of the oriented cell's height.
  public let shift: Double
  /// Formula, space group and number of atoms of the slab's highest plane: `Li_P4/mmm_1`.
  public let label: String
  /// Bonds of clusters that are cut, in one cell of the slab as pymatgen reduces it.
  public let cutBonds: Int

  /// All cuts of a plane, ascending.
  ///
  /// - Parameter tolerance: how far (Å) atoms of one plane may lie apart.
  public static func all(
    _ generator: PymatgenSlab.Generator, clusters: [Cluster] = Cluster.known,
    tolerance: Double = 0.25
  ) -> [PymatgenTermination] {
    let oriented = generator.oriented
    let bonds = CrystalBond.ofClusters(clusters, in: oriented).map { bond in
      [oriented.positions[bond.first], oriented.positions[bond.second] + bond.shift].map {
        oriented.lattice.fractional($0).z
      }.sorted()
    }
    return generator.shifts(tolerance: tolerance).map { shift in
      let slab = generator.slab(shift: shift, thickness: .layers(1))
      let cut = bonds.reduce(0) { sum, ends in
        sum + Int((ends[1] - shift).rounded(.down) - (ends[0] - shift).rounded(.down))
      }
      let cells = (oriented.lattice.surfaceArea / slab.lattice.surfaceArea).rounded()
      return PymatgenTermination(
        shift: shift, label: slab.label(tolerance: tolerance), cutBonds: cut / Int(cells))
    }
  }
}

extension PymatgenSlab {
  /// Formula, space group within 0.1 Å and 5°, and number of atoms of the highest plane; as there, heights
  /// are measured along c.
  func label(tolerance: Double) -> String {
    let heights = fractional.map { $0.z - $0.z.rounded(.down) }
    let planes = Generator.planes(heights, reach: tolerance / lattice.c.length).map(\.members)
    func height(_ plane: [Int]) -> Double {
      plane.reduce(0) { $0 + heights[$1] } / Double(plane.count)
    }
    let top = planes.max { height($0) < height($1) } ?? []
    let plane = Structure(
      lattice: lattice, species: top.map { species[$0] }, fractional: top.map { fractional[$0] })
    let group = (try? CrystalSymmetry(plane, tolerance: 0.1, angleTolerance: 5).symbol) ?? "?"
    return "\(plane.composition.pymatgenFormula)_\(group)_\(top.count)"
  }
}

extension Lattice {
  /// |a × b|, Å².
  var surfaceArea: Double { a.cross(b).length }
}

extension Composition {
  /// pymatgen's reduced formula: elements by electronegativity, an anion of two elements in brackets,
  /// gases of two atoms as such.
  var pymatgenFormula: String {
    let sorted = elements.sorted {
      ($0.electronegativity ?? 0, $0.symbol) < ($1.electronegativity ?? 0, $1.symbol)
    }
    let small = Composition(sorted.map { ($0, self[$0]) }).reduced
    if small.elements.count == 1, let gas = small.elements.first?.symbol,
      ["H", "N", "O", "F", "Cl"].contains(gas)
    {
      return gas + "2"
    }
    let last = Array(small.elements.suffix(2))
    guard small.elements.count > 2,
      (last[1].electronegativity ?? 0) - (last[0].electronegativity ?? 0) > 1.65
    else { return small.formula }
    let anion = Composition(last.map { ($0, small[$0]) })
    let count = Int((anion.atomCount / anion.reduced.atomCount).rounded())
    guard count > 1 else { return small.formula }
    let rest = Composition(small.elements.dropLast(2).map { ($0, small[$0]) })
    return "\(rest.formula)(\(anion.reduced.formula))\(count)"
  }
}
