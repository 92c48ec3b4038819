import Atomistics
import Foundation
import Potentials

extension DynamicsState {
  private static let magic = "IPHSTATE"
  private static let version: UInt32 = 4

  /// The state as sealed bytes (see `SealedRecord`), every number with all its bits.
  public func encoded() -> Data {
    var writer = RecordWriter()
    writer.append(Int64(step))
    writer.append(timestep)
    writer.append(Int64(degreesOfFreedom))
    writer.append(potential)
    writer.append(ensemble)
    writer.append(list: thermostatVariables) { $0.append($1) }
    writer.append(list: barostatVariables) { $0.append($1) }
    writer.append(programWork)
    writer.append(startVolume)
    writer.append(list: masses) { $0.append($1) }
    for word in random.words { writer.append(word) }
    writer.append(skin)
    for row in 0..<3 { writer.append(listOrigin.lattice.matrix[row]) }
    writer.append(list: listOrigin.positions) { $0.append($1) }
    writer.append(structure)
    return SealedRecord.seal(writer.data, magic: Self.magic, version: Self.version)
  }

  /// A state from its bytes.
  ///
  /// - Throws: `DynamicsError.badState` if they are cut off, damaged or something else.
  public init(encoded data: Data) throws {
    let payload = try SealedRecord.unseal(data, magic: Self.magic, version: Self.version)
    var reader = RecordReader(payload)
    let step: Int64 = try reader.integer()
    self.step = Int(step)
    timestep = try reader.double()
    let freedom: Int64 = try reader.integer()
    degreesOfFreedom = Int(freedom)
    potential = try reader.text()
    ensemble = try reader.text()
    thermostatVariables = try reader.list { try $0.double() }
    barostatVariables = try reader.list { try $0.double() }
    programWork = try reader.double()
    startVolume = try reader.double()
    masses = try reader.list { try $0.double() }
    random = RandomGenerator(
      words: try reader.integer(), try reader.integer(), try reader.integer(),
      try reader.integer())
    skin = try reader.double()
    let originRows = Matrix3(try reader.vector(), try reader.vector(), try reader.vector())
    listOrigin = ListOrigin(
      lattice: try Lattice(validating: originRows), positions: try reader.list { try $0.vector() })
    structure = try reader.structure()
    guard step >= 0, timestep > 0, skin >= 0, freedom > 0, startVolume > 0,
      masses.count == structure.count, masses.allSatisfy({ $0 > 0 && $0.isFinite }),
      listOrigin.positions.count == structure.count, structure.velocities != nil,
      listOrigin.positions.allSatisfy(\.isFinite), structure.positions.allSatisfy(\.isFinite)
    else {
      throw DynamicsError.badState("its values contradict one another")
    }
  }
}

extension RecordWriter {
  /// Lattice, periodicity, species, positions, velocities, regions, layers and formal charges.
  public mutating func append(_ structure: Structure) {
    for row in 0..<3 { append(structure.lattice.matrix[row]) }
    for flag in structure.periodic { append(UInt8(flag ? 1 : 0)) }
    append(list: structure.species) { $0.append(UInt8($1.atomicNumber)) }
    append(list: structure.positions) { $0.append($1) }
    append(list: structure.velocities ?? []) { $0.append($1) }
    append(list: structure.regions ?? []) {
      $0.append(UInt8(Region.allCases.firstIndex(of: $1)!))
    }
    append(list: structure.layers ?? []) { $0.append(Int64($1)) }
    append(list: structure.formalCharges ?? []) { $0.append($1) }
  }
}

extension RecordReader {
  /// What `RecordWriter.append(_: Structure)` wrote.
  public mutating func structure() throws -> Structure {
    let rows = Matrix3(try vector(), try vector(), try vector())
    let periodic = try (0..<3).map { _ in
      let flag: UInt8 = try integer()
      return flag != 0
    }
    let species = try list { reader in
      let number: UInt8 = try reader.integer()
      guard let element = Element(atomicNumber: Int(number)) else {
        throw DynamicsError.badState("it names element number \(number), which there is not")
      }
      return element
    }
    let positions = try list { try $0.vector() }
    let velocities = try list { try $0.vector() }
    let regions = try list { reader in
      let index: UInt8 = try reader.integer()
      guard Region.allCases.indices.contains(Int(index)) else {
        throw DynamicsError.badState("it names region number \(index), which there is not")
      }
      return Region.allCases[Int(index)]
    }
    let layers = try list { reader in
      let layer: Int64 = try reader.integer()
      return Int(layer)
    }
    let charges = try list { try $0.double() }
    for count in [velocities.count, regions.count, layers.count, charges.count]
    where count != 0 && count != species.count {
      throw DynamicsError.badState("it holds \(count) values for \(species.count) atoms")
    }
    guard positions.count == species.count else {
      throw DynamicsError.badState(
        "it holds \(positions.count) positions for \(species.count) atoms")
    }
    return Structure(
      lattice: try Lattice(validating: rows), species: species, positions: positions,
      periodic: periodic, velocities: velocities.isEmpty ? nil : velocities,
      regions: regions.isEmpty ? nil : regions, layers: layers.isEmpty ? nil : layers,
      formalCharges: charges.isEmpty ? nil : charges)
  }
}
