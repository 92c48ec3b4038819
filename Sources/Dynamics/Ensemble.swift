import Atomistics

/// What atoms are held at while they move: temperature, pressure, what is frozen, what they weigh.
///
/// | name | what it is |
/// |---|---|
/// | `thermostat` | for all atoms that no region of `regions` takes |
/// | `program` | the thermostat's target against time, if it changes |
/// | `regions` | atoms with a thermostat of their own |
/// | `barostat` | strains the cell; its temperature is that of `thermostat` |
/// | `frozen` | atoms that never move and carry no degree of freedom |
/// | `hydrogenMass` | see `MassRepartition`; nil leaves every mass as it is (u) |
///
/// Degrees of freedom: 3 for each atom that is not frozen; 3 fewer where total momentum is zero and
/// stays so, which it does without frozen atoms, without an outer field and with thermostats that
/// conserve it. Where there are several thermostats, one that rescales velocities does so relative to
/// the centre of mass of its own atoms, whose motion it leaves alone: it has 3n − 3, and total
/// momentum survives. A Langevin thermostat has 3n.
public struct Ensemble: Sendable {
  public var thermostat: any Thermostat
  public var program: TemperatureProgram?
  public var regions: [ThermostattedRegion] = []
  public var barostat: (any Barostat)?
  public var frozen: [AtomSelection] = []
  public var hydrogenMass: Double?

  public init(_ thermostat: any Thermostat) { self.thermostat = thermostat }

  /// All settings in one line; a saved run goes on only with the same.
  public var name: String {
    var parts = [thermostat.name]
    if let program { parts.append("target \(program)") }
    parts += regions.map { "\($0.selection) under \($0.thermostat.name)" }
    if let barostat { parts.append(barostat.name) }
    if !frozen.isEmpty {
      parts.append("frozen: " + frozen.map(\.description).joined(separator: " and "))
    }
    if let hydrogenMass { parts.append("hydrogen of \(hydrogenMass) u") }
    return parts.joined(separator: "; ")
  }

  /// What contradicts itself, whatever the structure.
  ///
  /// - Throws: `DynamicsError.badStart`.
  public func check() throws {
    if program != nil, thermostat.temperature == nil {
      throw DynamicsError.badStart(
        "a temperature that changes with time needs a thermostat that follows it; choose one")
    }
    guard let barostat else { return }
    guard thermostat.temperature != nil else {
      throw DynamicsError.badStart(
        "\(barostat.name) samples a pressure at a temperature; choose a thermostat with it")
    }
    guard frozen.isEmpty else {
      throw DynamicsError.badStart(
        "frozen atoms stay where they are and a barostat strains the cell with all its atoms; leave "
          + "out one of the two")
    }
  }

  /// What contradicts itself or the structure: selections without atoms, atoms with two thermostats, a
  /// pressure where the cell does not repeat, masses that cannot be had.
  ///
  /// - Throws: `DynamicsError.badStart`.
  public func validate(for structure: Structure) throws {
    if let hydrogenMass {
      _ = try MassRepartition.masses(of: structure, hydrogenMass: hydrogenMass)
    }
    _ = try MolecularDynamics.Parts(
      self, structure, masses: structure.masses, netMomentum: .removed)
  }

  /// Which atoms are frozen.
  func frozenAtoms(of structure: Structure) throws -> [Bool] {
    var result = Array(repeating: false, count: structure.count)
    for selection in frozen {
      for atom in try selection.indices(in: structure) { result[atom] = true }
    }
    guard result.contains(false) else {
      throw DynamicsError.badStart("every atom is frozen; leave some free to move")
    }
    return result
  }
}

/// Atoms with a thermostat of their own.
public struct ThermostattedRegion: Sendable {
  public let selection: AtomSelection
  public let thermostat: any Thermostat

  public init(_ selection: AtomSelection, _ thermostat: any Thermostat) {
    self.selection = selection
    self.thermostat = thermostat
  }
}
