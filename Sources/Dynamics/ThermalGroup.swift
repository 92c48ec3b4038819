import Atomistics

/// The atoms under one thermostat, and how it acts on them.
struct ThermalGroup: Sendable {
  let name: String
  private let thermostat: any Thermostat
  private let program: TemperatureProgram?
  /// nil for all atoms of the run.
  let atoms: [Int]?
  private let masses: [Double]
  let degreesOfFreedom: Int
  /// Whether it acts relative to the group's own centre of mass.
  private let isRelative: Bool
  /// Where its variables lie among those of the run.
  private let variables: Range<Int>

  /// The thermostat at the target that a time (fs) has.
  func thermostat(at time: Double) -> any Thermostat {
    guard let program else { return thermostat }
    return thermostat.holding(program.temperature(at: time))
  }

  var placement: ThermostatPlacement { thermostat.placement }

  func energy(_ all: [Double], at time: Double) -> Double {
    thermostat(at: time).energy(Array(all[variables]), degreesOfFreedom: degreesOfFreedom)
  }

  func act(on motion: inout ThermalMotion, at time: Double, for duration: Double) {
    let thermostat = thermostat(at: time)
    guard let atoms else { return thermostat.act(on: &motion, for: duration) }
    var part = ThermalMotion(
      masses: masses, degreesOfFreedom: degreesOfFreedom,
      velocities: atoms.map { motion.velocities[$0] },
      variables: Array(motion.variables[variables]),
      random: motion.random)
    let drift = isRelative ? part.momentum / masses.reduce(0, +) : .zero
    if isRelative {
      for k in part.velocities.indices { part.velocities[k] -= drift }
    }
    thermostat.act(on: &part, for: duration)
    for (k, atom) in atoms.enumerated() { motion.velocities[atom] = part.velocities[k] + drift }
    motion.variables.replaceSubrange(variables, with: part.variables)
    motion.random = part.random
  }
}

extension ThermalGroup {
  /// The groups of an ensemble: its regions first, then everything else that may move.
  ///
  /// - Parameter momentumIsZero: whether total momentum is taken off, if the thermostats keep it so.
  /// - Throws: `DynamicsError.badStart` for regions that overlap, hold frozen atoms, or are too small.
  static func groups(
    of ensemble: Ensemble, _ structure: Structure, masses: [Double], frozen: [Bool],
    momentumIsZero: Bool
  ) throws -> [ThermalGroup] {
    var owner = [String?](repeating: nil, count: structure.count)
    var members: [(String, any Thermostat, [Int])] = []
    for region in ensemble.regions {
      let name = "\(region.selection)"
      let atoms = try region.selection.indices(in: structure).filter { !frozen[$0] }
      guard !atoms.isEmpty else {
        throw DynamicsError.badStart(
          "all atoms of '\(name)' are frozen and have no temperature; leave out its thermostat")
      }
      for atom in atoms {
        if let other = owner[atom] {
          throw DynamicsError.badStart(
            "atom \(atom + 1) would have two thermostats, that of '\(other)' and that of '\(name)'")
        }
        owner[atom] = name
      }
      members.append((name, region.thermostat, atoms))
    }
    let rest = structure.species.indices.filter { owner[$0] == nil && !frozen[$0] }
    if !rest.isEmpty { members.append(("", ensemble.thermostat, rest)) }
    var offset = 0
    return try members.map { name, thermostat, atoms in
      let count = thermostat.initialVariables().count
      defer { offset += count }
      let isRelative = members.count > 1 && thermostat.conservesMomentum
      let isWhole = members.count == 1 && atoms.count == structure.count
      let missing = isRelative || (members.count == 1 && momentumIsZero) ? 3 : 0
      guard 3 * atoms.count > missing else {
        throw DynamicsError.badStart(
          "one atom alone\(name.isEmpty ? "" : " ('\(name)')") has no temperature once its momentum "
            + "is taken off; give at least two, or a Langevin thermostat")
      }
      return ThermalGroup(
        name: name, thermostat: thermostat, program: name.isEmpty ? ensemble.program : nil,
        atoms: isWhole ? nil : atoms, masses: atoms.map { masses[$0] },
        degreesOfFreedom: 3 * atoms.count - missing, isRelative: isRelative,
        variables: offset..<(offset + count))
    }
  }
}
