import Atomistics

extension CoherentInterface {
  /// Lays out the atoms of a candidate.
  ///
  /// Formal charges are those of the electrolyte's crystal (`FormalCharges`), and 0 in the metal;
  /// where the crystal has none, neither has the contact.
  ///
  /// - Parameter shift: by how much (x, y in Å) the electrolyte is moved along the plane.
  public init(
    _ candidate: ContactCandidate, settings: ContactSettings, shift: SIMD2<Double> = .zero
  ) {
    let match = candidate.match
    let metal = Slab(
      candidate.metal, supercell: match.metal, cut: candidate.metalCut,
      layers: candidate.metalLayers)
    let film = Slab(
      candidate.electrolyte, supercell: match.electrolyte, cut: candidate.cut,
      layers: candidate.electrolyteLayers)
    let plane = candidate.planeVectors
    let metalPositions = metal.positions.map {
      Self.strained($0, from: match.metalLattice, to: plane)
    }
    let along = Vector3(shift.x, shift.y, 0)
    let filmPositions = film.positions.map {
      Self.strained($0, from: match.electrolyteLattice, to: plane) + along
    }
    let lower = ContactSide(species: metal.species, positions: metalPositions)
    let upper = ContactSide(species: film.species, positions: filmPositions)
    let first = Clearance(below: lower, above: upper, plane: plane, settings)
    // Half of the vacuum lies below the metal, so that no atom near z = 0 wraps around.
    let base = (settings.vacuum ?? 0) / 2
    let filmAt = first.shift
    let top = filmAt + film.thickness
    // Above a double contact the metal's image follows by the same rule.
    let second =
      settings.vacuum == nil
      ? Clearance(below: upper, above: lower, plane: plane, settings) : nil
    let height = second.map { filmAt + $0.shift } ?? (top + (settings.vacuum ?? 0))
    let firstPlane = base + (metal.thickness + filmAt) / 2
    contactPlanes = settings.vacuum == nil ? [firstPlane, (top + height) / 2] : [firstPlane]
    let filmZ = filmPositions.map { $0 + Vector3(0, 0, base + filmAt) }
    let layers = PolyanionLayers(
      species: film.species, heights: film.centerHeights, isDouble: settings.vacuum == nil)
    structure = Structure(
      lattice: Lattice(plane.0, plane.1, Vector3(0, 0, height)),
      species: metal.species + film.species,
      positions: metalPositions.map { $0 + Vector3(0, 0, base) } + filmZ,
      regions: Array(repeating: .metal, count: metal.count)
        + Array(repeating: .electrolyte, count: film.count),
      layers: Array(repeating: -1, count: metal.count) + layers.ofAtoms,
      formalCharges: film.formalCharges.map { Array(repeating: 0, count: metal.count) + $0 }
    ).wrappedInPlane()
    electrolyteMiller = candidate.electrolyteMiller
    metalMiller = candidate.metal.miller
    self.match = match
    self.shift = shift
    shared = candidate.shared
    gap = filmAt - metal.thickness
    closestPair = first.pair
    secondPair = second.map { $0.pair.exchanged }
    terminations = [metal.outermost(top: true), film.outermost(top: false)]
    strainedMetal = candidate.strainedMetal
    let perFormula = Structure(
      lattice: structure.lattice, species: film.species, positions: filmZ
    ).composition.reduced.atomCount
    formulaUnits = Double(film.count) / perFormula
    polyanionLayers = layers.count
  }

  fileprivate static func vectors(_ lattice: PlaneLattice) -> (Vector3, Vector3) {
    (Vector3(lattice.a.x, lattice.a.y, 0), Vector3(lattice.b.x, lattice.b.y, 0))
  }

  /// The same coordinates along another basis of the plane; heights stay.
  fileprivate static func strained(
    _ r: Vector3, from lattice: PlaneLattice, to plane: (Vector3, Vector3)
  ) -> Vector3 {
    let s = (r.x * lattice.b.y - r.y * lattice.b.x) / lattice.area
    let t = (r.y * lattice.a.x - r.x * lattice.a.y) / lattice.area
    return s * plane.0 + t * plane.1 + Vector3(0, 0, r.z)
  }
}

extension ContactCandidate {
  /// The contact's superlattice in the frame in which it is built.
  var planeVectors: (Vector3, Vector3) { CoherentInterface.vectors(shared.lattice) }

  /// The metal's oriented bulk cell under the contact's in-plane strain, its normal unstrained.
  public var strainedMetal: Structure { strained(metal, match.metalLattice) }

  /// The same of the electrolyte.
  public var strainedElectrolyte: Structure {
    strained(electrolyte, match.electrolyteLattice)
  }

  private func strained(_ cell: OrientedCell, _ superlattice: PlaneLattice) -> Structure {
    let target = planeVectors
    func deformed(_ r: Vector3) -> Vector3 {
      CoherentInterface.strained(r, from: superlattice, to: target)
    }
    let m = cell.lattice
    return Structure(
      lattice: Lattice(deformed(m.a), deformed(m.b), deformed(m.c)),
      species: cell.units.flatMap(\.species),
      positions: cell.units.flatMap { unit in unit.offsets.map { deformed(unit.anchor + $0) } })
  }
}

/// Atoms on one side of a contact.
private struct ContactSide {
  let species: [Element]
  let positions: [Vector3]
}

/// How far one side must be lifted so that no pair across the contact is too near.
private struct Clearance {
  /// Added to the heights of the side above, Å.
  let shift: Double
  let pair: CoherentInterface.ContactPair

  init(
    below: ContactSide, above: ContactSide, plane: (Vector3, Vector3), _ settings: ContactSettings
  ) {
    let radii = settings.radii
    func reach(_ side: ContactSide) -> [Double] {
      side.species.map { settings.gapFraction * (radii.radius(of: $0) ?? 0) }
    }
    let (lowerReach, upperReach) = (reach(below), reach(above))
    var best = -Double.infinity
    var pair = CoherentInterface.ContactPair(
      metal: below.species[0], electrolyte: above.species[0], distance: 0, required: 0)
    let cell = Lattice(plane.0, plane.1, Vector3(0, 0, 1))
    for (i, r) in below.positions.enumerated() {
      for (j, q) in above.positions.enumerated() {
        let required = lowerReach[i] + upperReach[j]
        // An atom this deep cannot set the gap.
        guard r.z + required - q.z > best else { continue }
        let lateral = Self.nearest(q - r, cell, within: required)
        guard lateral < required else { continue }
        let lift = r.z + (required * required - lateral * lateral).squareRoot() - q.z
        if lift > best {
          best = lift
          pair = .init(
            metal: below.species[i], electrolyte: above.species[j], distance: required,
            required: required)
        }
      }
    }
    // No pair overlaps in the plane: the outermost atoms come to the same height.
    shift = best.isFinite ? best : (below.positions.map(\.z).max() ?? 0)
    self.pair = pair
  }

  /// The in-plane distance to the nearest image.
  private static func nearest(_ d: Vector3, _ cell: Lattice, within reach: Double) -> Double {
    var s = cell.fractional(Vector3(d.x, d.y, 0))
    s.x -= s.x.rounded()
    s.y -= s.y.rounded()
    let h = cell.heights
    let (nx, ny) = (Int((reach / h.x + 0.5).rounded(.up)), Int((reach / h.y + 0.5).rounded(.up)))
    var best = Double.infinity
    for i in -nx...nx {
      for j in -ny...ny {
        best = min(best, cell.cartesian(s + Vector3(Double(i), Double(j), 0)).length)
      }
    }
    return best
  }
}

/// Which layer of polyanions each atom belongs to.
private struct PolyanionLayers {
  let ofAtoms: [Int]
  let count: Int

  /// P atoms within 1.2 Å of the lowest of a layer belong to it (a chain of near heights must not
  /// grow into one thick layer); every atom belongs to the nearest layer.
  init(species: [Element], heights: [Double], isDouble: Bool) {
    let centers = zip(species, heights).filter { $0.0.symbol == "P" }.map(\.1).sorted()
    var layers: [[Double]] = []
    for height in centers {
      if let lowest = layers.last?.first, height - lowest < 1.2 {
        layers[layers.count - 1].append(height)
      } else {
        layers.append([height])
      }
    }
    let means = layers.map { $0.reduce(0, +) / Double($0.count) }
    count = means.count
    ofAtoms = heights.map { height in
      guard
        let nearest = means.indices.min(by: { abs(means[$0] - height) < abs(means[$1] - height) })
      else { return -1 }
      return isDouble ? min(nearest, means.count - 1 - nearest) : nearest
    }
  }
}

extension Structure {
  /// Atoms moved into the cell along a and b; heights stay, so that the contact is in one piece.
  fileprivate func wrappedInPlane() -> Structure {
    var open = self
    open.periodic = [true, true, false]
    var result = open.wrapped()
    result.periodic = periodic
    return result
  }
}
