/// Which side of a contact an atom came from.
public enum Region: String, Sendable, Codable, CaseIterable {
  case electrolyte
  case metal
}

/// Atoms in a (partly) periodic cell.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | M | `lattice.matrix` | Å | rows a, b, c |
/// | r | `positions` | Å, Cartesian | one per atom, not necessarily inside the cell |
/// | v | `velocities` | Å/fs | one per atom, or none |
/// | - | `formalCharges` | e | one per atom, or none |
///
/// Positions may lie outside the cell; a trajectory keeps them unwrapped.
public struct Structure: Hashable, Sendable, Codable {
  public var lattice: Lattice
  /// Along which of a, b, c the structure repeats.
  public var periodic: [Bool]
  public var species: [Element]
  public var positions: [Vector3]
  public var velocities: [Vector3]?
  /// Which side of a contact each atom came from.
  public var regions: [Region]?
  /// The PS4 (or other) layer of each atom, counted from the contact, 0 next to it; -1 for none.
  public var layers: [Int]?
  /// The formal charge (oxidation number, or a share of a cluster's charge) of each atom in e; what a
  /// chemist counts, not what a calculation found.
  public var formalCharges: [Double]?

  public init(
    lattice: Lattice, species: [Element], positions: [Vector3],
    periodic: [Bool] = [true, true, true], velocities: [Vector3]? = nil,
    regions: [Region]? = nil, layers: [Int]? = nil, formalCharges: [Double]? = nil
  ) {
    precondition(species.count == positions.count, "one position per atom")
    precondition(periodic.count == 3, "three flags of periodicity")
    self.lattice = lattice
    self.species = species
    self.positions = positions
    self.periodic = periodic
    self.velocities = velocities
    self.regions = regions
    self.layers = layers
    self.formalCharges = formalCharges
  }

  public init(
    lattice: Lattice, species: [Element], fractional: [Vector3],
    periodic: [Bool] = [true, true, true]
  ) {
    self.init(
      lattice: lattice, species: species, positions: fractional.map(lattice.cartesian),
      periodic: periodic)
  }

  public var count: Int { species.count }
  public var fractionalPositions: [Vector3] { positions.map(lattice.fractional) }
  public var volume: Double { lattice.volume }

  /// The composition of the whole cell, elements by atomic number.
  public var composition: Composition {
    var counts: [Element: Double] = [:]
    for element in species { counts[element, default: 0] += 1 }
    return Composition(counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  public var masses: [Double] { species.map(\.mass) }

  /// The structure under a strain ε: lattice and atoms times 1 + ε.
  public func strained(by strain: Matrix3) -> Structure {
    let deformation = Matrix3.identity + strain
    var copy = self
    copy.positions = positions.map { $0 * deformation }
    copy.lattice = Lattice(lattice.matrix * deformation)
    return copy
  }

  /// Every atom moved into the cell along the periodic directions.
  public func wrapped() -> Structure {
    var copy = self
    copy.positions = positions.map { position in
      var s = lattice.fractional(position)
      for k in 0..<3 where periodic[k] {
        s[k] -= s[k].rounded(.down)
        if s[k] >= 1 { s[k] = 0 }
      }
      return lattice.cartesian(s)
    }
    return copy
  }

  /// The n_a × n_b × n_c supercell, images of each atom next to one another, a slowest.
  public func supercell(_ na: Int, _ nb: Int, _ nc: Int) -> Structure {
    precondition(na > 0 && nb > 0 && nc > 0, "a supercell has at least one cell along each axis")
    var shifts: [Vector3] = []
    for i in 0..<na {
      for j in 0..<nb {
        for k in 0..<nc {
          shifts.append(lattice.cartesian(Vector3(Double(i), Double(j), Double(k))))
        }
      }
    }
    func repeated<T>(_ values: [T]) -> [T] {
      values.flatMap { Array(repeating: $0, count: shifts.count) }
    }
    return Structure(
      lattice: Lattice(
        Double(na) * lattice.a, Double(nb) * lattice.b, Double(nc) * lattice.c),
      species: repeated(species),
      positions: positions.flatMap { position in shifts.map { position + $0 } },
      periodic: periodic, velocities: velocities.map(repeated), regions: regions.map(repeated),
      layers: layers.map(repeated), formalCharges: formalCharges.map(repeated))
  }

  /// The atoms at the given indices, in that order, in the same cell.
  public func selecting(_ indices: [Int]) -> Structure {
    Structure(
      lattice: lattice, species: indices.map { species[$0] },
      positions: indices.map { positions[$0] }, periodic: periodic,
      velocities: velocities.map { v in indices.map { v[$0] } },
      regions: regions.map { r in indices.map { r[$0] } },
      layers: layers.map { l in indices.map { l[$0] } },
      formalCharges: formalCharges.map { q in indices.map { q[$0] } })
  }

  /// Checks what no calculation survives: no atoms, coordinates that are not numbers, atoms on top
  /// of one another.
  ///
  /// - Parameter minimumDistance: pairs nearer than this (Å) are an error; the shortest bond in
  ///   nature, H-H, is 0.74 Å.
  /// - Throws: `AtomisticsError.badStructure` that names the atoms.
  public func validate(minimumDistance: Double = 0.5) throws {
    guard count > 0 else {
      throw AtomisticsError.badStructure("the structure holds no atoms")
    }
    for (index, position) in positions.enumerated() where !position.isFinite {
      throw AtomisticsError.badStructure(
        "atom \(index + 1) (\(species[index])) has a coordinate that is not a finite number")
    }
    for (index, s) in fractionalPositions.enumerated() where abs(s).max() > 1e6 {
      throw AtomisticsError.badStructure(
        "atom \(index + 1) (\(species[index])) lies more than a million cells away from the cell; "
          + "check the lattice and the units (Å expected)")
    }
    let near = NeighborList(self, cutoff: minimumDistance)
    for i in 0..<count {
      for pair in near.pairs(of: i) {
        let distance = near.vector(pair, from: i, in: self).length
        let j = near.neighbors[pair]
        guard distance >= minimumDistance else {
          throw AtomisticsError.badStructure(
            "atoms \(i + 1) (\(species[i])) and \(j + 1) (\(species[Int(j)])) are "
              + "\((distance * 1000).rounded() / 1000) Å apart, less than \(minimumDistance) Å; "
              + "check units (Å expected), the lattice and doubled sites")
        }
      }
    }
  }
}

/// The components' absolute values.
private func abs(_ v: Vector3) -> Vector3 { v.replacing(with: -v, where: v .< .zero) }
