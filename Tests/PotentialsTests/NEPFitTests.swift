import Atomistics
import Foundation
import Potentials
import Testing

/// The fit of a NEP: exact slopes, the same model as the one that evaluates, going on bit by bit.
@Suite struct NEPFitTests {
  private static let elements = ["Li", "S", "H"].map { Element($0)! }

  private static func header(
    functions: (Int, Int) = (4, 4), basis: (Int, Int) = (8, 8), terms: (Int, Bool, Bool),
    neurons: Int
  ) -> NEPHeader {
    NEPHeader(
      species: elements, repulsion: .covalent(factor: 0.9, outer: 2.5),
      radialCutoffs: [6, 6, 5], angularCutoffs: [4.5, 4.5, 4], radialOrder: functions.0,
      angularOrder: functions.1, radialBasis: basis.0, angularBasis: basis.1, maximumL: terms.0,
      hasFourBody: terms.1, hasFiveBody: terms.2, neurons: neurons)
  }

  static let shapes: [NEPHeader] = [
    // The shapes that the kernel has constants for, and others.
    header(terms: (4, true, true), neurons: 79),
    header(functions: (8, 8), basis: (10, 10), terms: (4, true, true), neurons: 79),
    header(functions: (2, 5), basis: (6, 3), terms: (3, false, true), neurons: 5),
    header(functions: (0, 1), basis: (0, 1), terms: (2, true, false), neurons: 17),
    header(functions: (3, 2), basis: (5, 7), terms: (5, false, false), neurons: 33),
  ]

  /// Atoms at random in an oblique cell, some bonds short enough for the repulsion.
  private static func structure(_ count: Int, seed: UInt64, periodic: Bool = true) -> Structure {
    var random = RandomGenerator(seed: seed)
    let lattice = Lattice(
      Matrix3(Vector3(5.2, 0, 0), Vector3(0.9, 5.6, 0), Vector3(-0.6, 0.8, 6.1)))
    var positions: [Vector3] = []
    while positions.count < count {
      let f = Vector3(random.uniform(), random.uniform(), random.uniform())
      let r = f * lattice.matrix
      let isFree = positions.allSatisfy { other in
        let d = lattice.fractional(r - other)
        let near = Vector3(d.x - d.x.rounded(), d.y - d.y.rounded(), d.z - d.z.rounded())
        return (near * lattice.matrix).length > 1.4
      }
      if isFree { positions.append(r) }
    }
    return Structure(
      lattice: lattice, species: (0..<count).map { elements[$0 % 3] }, positions: positions,
      periodic: periodic ? [true, true, true] : [true, true, false])
  }

  private static func frame(
    _ structure: Structure, _ repulsion: NEPRepulsion, seed: UInt64, weight: Double = 1,
    virial: Bool = true
  ) throws -> NEPFitFrame {
    var random = RandomGenerator(seed: seed)
    func vector() -> Vector3 { Vector3(random.gaussian(), random.gaussian(), random.gaussian()) }
    let a = Matrix3(vector(), vector(), vector())
    return try NEPFitFrame(
      structure, energy: 3 * random.gaussian(), forces: structure.positions.map { _ in vector() },
      virial: virial ? 2 * (a + a.transpose) : nil, weight: weight, for: repulsion)
  }

  private static func frames(_ header: NEPHeader, count: Int = 4) throws -> [NEPFitFrame] {
    let repulsion = NEPRepulsion(header)
    return try (0..<count).map {
      try frame(
        structure(6 + 2 * $0, seed: UInt64($0), periodic: $0 != 1), repulsion,
        seed: 50 + UInt64($0),
        weight: 1 + 0.3 * Double($0), virial: $0 != 2)
    }
  }

  private static func fit(
    _ header: NEPHeader, _ frames: [NEPFitFrame], epochs: Int = 10, batch: Int = 2,
    threads: Int = 1, instructions: NEPInstructions = .available[0]
  ) -> NEPFit {
    NEPFit(
      header, frames, schedule: .init(epochs: epochs, batch: batch, seed: 3),
      loss: .init(energy: 2, force: 1, virial: 0.5), threads: threads, instructions: instructions)
  }

  /// Parameters away from the drawn ones, so that none is zero by construction.
  private static func shake(_ fit: NEPFit) {
    var random = RandomGenerator(seed: 9)
    fit.values = fit.values.map { $0 == 0 ? 0 : $0 + Float(0.03 * random.gaussian()) }
  }

  @Test(arguments: shapes, NEPInstructions.available.map(\.description))
  func slopesAreThoseOfTheLoss(header: NEPHeader, instructions: String) throws {
    let set = NEPInstructions.available.first { $0.description == instructions }!
    let frames = try Self.frames(header)
    let fit = Self.fit(header, frames, instructions: set)
    Self.shake(fit)
    let values = fit.values
    let slopes = fit.slopes(on: frames).slopes
    var random = RandomGenerator(seed: 1)
    let size = slopes.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
    for _ in 0..<4 {
      // Along a direction that has something of the slopes in it, and of everything else.
      let direction = zip(values, slopes).map { value, slope in
        value == 0 ? 0 : 0.2 * Float(random.gaussian()) + 5 * slope / Float(size)
      }
      let expected = zip(slopes, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      func loss(_ step: Float) -> Double {
        fit.values = zip(values, direction).map { $0 + step * $1 }
        return fit.slopes(on: frames).loss
      }
      // Fourth order; what is left is rounding of single precision.
      let h: Float = 1e-3
      let near = (loss(h) - loss(-h)) / Double(2 * h)
      let far = (loss(2 * h) - loss(-2 * h)) / Double(4 * h)
      let found = (4 * near - far) / 3
      #expect(abs(found - expected) < 3e-3 * abs(expected) + 3e-3 * size)
    }
  }

  /// What is fitted is what will be evaluated: energies, forces and virials, the repulsion with them.
  @Test(arguments: shapes) func theModelIsTheOneThatEvaluates(header: NEPHeader) throws {
    let repulsion = NEPRepulsion(header)
    let structures = (0..<3).map { Self.structure(7 + $0, seed: UInt64(20 + $0)) }
    let first = try structures.map { try Self.frame($0, repulsion, seed: 1) }
    let fit = Self.fit(header, first)
    Self.shake(fit)
    let shifts = Dictionary(uniqueKeysWithValues: zip(Self.elements, [-1.5, 2.25, 0.5]))
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("fit-\(UUID().uuidString).txt").path
    try Data(try fit.text(shifts: shifts).utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let potential = try NEPPotential(path: path)
    #expect(potential.header.neurons == header.neurons + 1)
    // Its own results as labels leave nothing but the rounding of single precision.
    let labelled = try structures.map { structure in
      let found = try potential.evaluate(structure)
      let shift = structure.species.reduce(0) { $0 + shifts[$1]! }
      return try NEPFitFrame(
        structure, energy: found.energy - shift, forces: found.forces,
        virial: (-structure.volume) * found.stress, weight: 1, for: repulsion)
    }
    let largest = try structures.flatMap { try potential.evaluate($0).forces }.map(\.length).max()!
    #expect(largest > 0.5)
    let errors = fit.errors(on: labelled)
    #expect(errors.energy < 2e-6 * max(1, largest))
    #expect(errors.force < 4e-6 * max(1, largest))
    #expect(try #require(errors.virial) < 4e-6 * max(1, largest))
  }

  private static func file(
    _ fit: NEPFit, shifts: [Element: Double]
  ) throws -> NEPFile {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("fit-\(UUID().uuidString).txt").path
    try Data(try fit.text(shifts: shifts).utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try NEPFile(path: path)
  }

  /// A fit from a model's file is that model, with the shifts taken out again.
  @Test(arguments: shapes) func itBeginsFromAModel(header: NEPHeader) throws {
    let frames = try Self.frames(header)
    let taught = Self.fit(header, frames)
    Self.shake(taught)
    let shifts = Dictionary(uniqueKeysWithValues: zip(Self.elements, [-1.5, 2.25, 0.5]))
    let other = Self.fit(header, frames)
    try other.begin(from: try Self.file(taught, shifts: shifts), shifts: shifts)
    let (wanted, found) = (taught.errors(on: frames), other.errors(on: frames))
    #expect(abs(found.force - wanted.force) < 1e-6 * wanted.force)
    #expect(abs(found.energy - wanted.energy) < 2e-6 * (1 + wanted.energy))
    let virial = try (#require(wanted.virial), #require(found.virial))
    #expect(abs(virial.1 - virial.0) < 2e-6 * (1 + virial.0))
    // Without the shifts an atom's energy is that of the file.
    try other.begin(from: try Self.file(taught, shifts: shifts))
    #expect(abs(other.errors(on: frames).energy - wanted.energy) > 0.01)
  }

  /// A model of more elements, in another order, gives its part.
  @Test func itBeginsFromAModelOfMoreElements() throws {
    let large = Self.shapes[2]
    let taught = Self.fit(large, try Self.frames(large))
    Self.shake(taught)
    let order = [1, 0]
    let small = NEPHeader(
      species: order.map { Self.elements[$0] }, repulsion: large.repulsion,
      radialCutoffs: order.map { large.radialCutoffs[$0] },
      angularCutoffs: order.map { large.angularCutoffs[$0] }, radialOrder: large.radialOrder,
      angularOrder: large.angularOrder, radialBasis: large.radialBasis,
      angularBasis: large.angularBasis, maximumL: large.maximumL, hasFourBody: large.hasFourBody,
      hasFiveBody: large.hasFiveBody, neurons: large.neurons)
    func structure(_ seed: UInt64) -> Structure {
      let whole = Self.structure(9, seed: seed)
      return Structure(
        lattice: whole.lattice,
        species: whole.species.map { $0 == Self.elements[2] ? Self.elements[1] : $0 },
        positions: whole.positions, periodic: whole.periodic)
    }
    let structures = [structure(4), structure(5)]
    func frames(_ header: NEPHeader) throws -> [NEPFitFrame] {
      try structures.map { try Self.frame($0, NEPRepulsion(header), seed: 8) }
    }
    let part = Self.fit(small, try frames(small))
    try part.begin(from: try Self.file(taught, shifts: [:]))
    let whole = Self.fit(large, try frames(large))
    try whole.begin(from: try Self.file(taught, shifts: [:]))
    let (a, b) = (part.errors(on: try frames(small)), whole.errors(on: try frames(large)))
    #expect(abs(a.force - b.force) < 1e-6 * b.force && abs(a.energy - b.energy) < 1e-5)
  }

  @Test func aModelOfAnotherShapeIsNoStart() throws {
    let header = Self.header(terms: (4, true, true), neurons: 5)
    let fit = Self.fit(header, try Self.frames(header))
    func start(_ other: NEPHeader) throws -> NEPFile {
      try Self.file(Self.fit(other, try Self.frames(other)), shifts: [:])
    }
    for (other, expected) in [
      (Self.header(terms: (4, true, true), neurons: 6), "its neuron is 6, the input asks for 5"),
      (Self.header(terms: (4, true, false), neurons: 5), "its l_max is [4, 2, 0]"),
      (Self.header(functions: (4, 3), terms: (4, true, true), neurons: 5), "its n_max is [4, 3]"),
      (Self.header(basis: (7, 8), terms: (4, true, true), neurons: 5), "its basis_size is [7, 8]"),
    ] {
      let file = try start(other)
      #expect {
        try fit.begin(from: file)
      } throws: {
        ($0 as? PotentialsError)?.kind == .badData && "\($0)".contains(expected)
      }
    }
  }

  @Test func itGoesOnBitByBitOnAnyNumberOfThreads() throws {
    let header = Self.shapes[2]
    let frames = try Self.frames(header, count: 5)
    let whole = Self.fit(header, frames)
    for _ in 0..<4 { whole.runEpoch() }
    let part = Self.fit(header, frames)
    for _ in 0..<2 { part.runEpoch() }
    let rest = Self.fit(header, frames, threads: 3)
    try rest.restore(part.checkpoint, path: "a checkpoint")
    #expect(rest.epoch == 2)
    for _ in 0..<2 { rest.runEpoch() }
    #expect(rest.values == whole.values && rest.epoch == 4)
    #expect(try rest.text(shifts: [:]) == whole.text(shifts: [:]))
  }

  @Test func aCheckpointOfAnotherFitIsTold() throws {
    let frames = try Self.frames(Self.shapes[2])
    let fit = Self.fit(Self.shapes[2], frames)
    let other = Self.fit(Self.shapes[3], try Self.frames(Self.shapes[3]))
    for (data, expected) in [
      (other.checkpoint, "another shape"), (fit.checkpoint.dropLast(9), "cut off"),
      (Data("nothing".utf8), "no checkpoint"), (Data(), "no checkpoint"),
    ] {
      #expect {
        try fit.restore(data, path: "c")
      } throws: {
        ($0 as? PotentialsError)?.kind == .badData && "\($0)".contains(expected)
      }
    }
  }

  /// Labels of a model of the same form can be learned from random parameters.
  @Test func itLearns() throws {
    let header = Self.header(terms: (4, true, true), neurons: 23)
    let repulsion = NEPRepulsion(header)
    let structures = (0..<40).map { Self.structure(8, seed: UInt64(100 + $0)) }
    let teacher = Self.fit(header, try structures.map { try Self.frame($0, repulsion, seed: 1) })
    var random = RandomGenerator(seed: 77)
    teacher.values = teacher.values.map { $0 + Float(0.15 * random.gaussian()) }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("fit-\(UUID().uuidString).txt").path
    try Data(try teacher.text(shifts: [:]).utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let potential = try NEPPotential(path: path)
    let frames = try structures.map { structure in
      let found = try potential.evaluate(structure)
      return try NEPFitFrame(
        structure, energy: found.energy, forces: found.forces,
        virial: (-structure.volume) * found.stress, weight: 1, for: repulsion)
    }
    let fit = NEPFit(
      header, frames, schedule: .init(epochs: 120, batch: 4, rate: 0.004, seed: 5),
      loss: .init(energy: 3, force: 1, virial: 0.2), threads: 2)
    let before = fit.errors(on: frames)
    for _ in 0..<120 { fit.runEpoch() }
    let after = fit.errors(on: frames)
    #expect(after.force < 0.2 * before.force)
    #expect(after.energy < 0.2 * before.energy)
  }
}
