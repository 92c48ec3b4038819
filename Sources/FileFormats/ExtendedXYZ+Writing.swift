import Atomistics

extension ExtendedXYZ {
  public func text(of structure: Structure) -> String {
    Self.text(structure, time: nil, energy: nil, forces: nil, grades: nil, info: [])
  }

  /// A structure as text, with more pairs for the comment line; keys of letters, digits, `_` and `-`.
  public static func text(of structure: Structure, info: [(String, String)]) -> String {
    text(structure, time: nil, energy: nil, forces: nil, grades: nil, info: info)
  }

  /// A structure with its energy (eV) and forces (eV/Å) as text, of no particular time.
  public static func text(
    of structure: Structure, energy: Double, forces: [Vector3], info: [(String, String)]
  ) -> String {
    text(structure, time: nil, energy: energy, forces: forces, grades: nil, info: info)
  }

  /// A frame as text, for appending to a trajectory.
  ///
  /// Numbers are the shortest that read back to the same bits. Velocities are in Å/fs, which the
  /// key `velocity_unit` says; the time is in `time_fs`.
  ///
  /// - Parameter info: more pairs for the comment line; keys of letters, digits, `_` and `-`.
  /// - Parameter grades: a number per atom for the column `grade`.
  public static func text(
    of frame: Frame, info: [(String, String)] = [], grades: [Double]? = nil
  ) -> String {
    text(
      frame.structure, time: frame.time, energy: frame.energy, forces: frame.forces,
      grades: grades, info: info)
  }

  private static func text(
    _ structure: Structure, time: Double?, energy: Double?, forces: [Vector3]?,
    grades: [Double]?, info: [(String, String)]
  ) -> String {
    var text = "\(structure.count)\n"
    text.reserveCapacity(structure.count * (forces == nil ? 80 : 140) + 400)
    text += comment(
      structure, time: time, energy: energy, forces: forces != nil, grades: grades != nil,
      info: info)
    text += "\n"
    for i in 0..<structure.count {
      text += structure.species[i].symbol
      append(structure.positions[i], to: &text)
      if let velocities = structure.velocities { append(velocities[i], to: &text) }
      if let forces { append(forces[i], to: &text) }
      if let regions = structure.regions { text += " \(regions[i].rawValue)" }
      if let layers = structure.layers { text += " \(layers[i])" }
      if let charges = structure.formalCharges { text += " \(charges[i])" }
      if let grades { text += " \(grades[i])" }
      text += "\n"
    }
    return text
  }

  private static func append(_ vector: Vector3, to text: inout String) {
    text += " \(vector.x) \(vector.y) \(vector.z)"
  }

  private static func comment(
    _ structure: Structure, time: Double?, energy: Double?, forces: Bool,
    grades: Bool, info: [(String, String)]
  ) -> String {
    let rows = [structure.lattice.a, structure.lattice.b, structure.lattice.c]
    let lattice = rows.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: " ")
    var properties = "species:S:1:pos:R:3"
    if structure.velocities != nil { properties += ":vel:R:3" }
    if forces { properties += ":forces:R:3" }
    if structure.regions != nil { properties += ":region:S:1" }
    if structure.layers != nil { properties += ":layer:I:1" }
    if structure.formalCharges != nil { properties += ":formal_charge:R:1" }
    if grades { properties += ":grade:R:1" }
    var pairs = ["Lattice=\"\(lattice)\"", "Properties=\(properties)"]
    if let time { pairs.append("time_fs=\(time)") }
    if let energy { pairs.append("energy=\(energy)") }
    if structure.velocities != nil { pairs.append("velocity_unit=A/fs") }
    for (key, value) in info {
      precondition(
        !key.isEmpty
          && key.utf8.allSatisfy { byte in
            Character(UnicodeScalar(byte)).isLetter || (0x30...0x39).contains(byte)
              || byte == 0x5F || byte == 0x2D
          }, "a key is letters, digits, _ and -")
      pairs.append("\(key)=\(quoted(value))")
    }
    let flags = structure.periodic.map { $0 ? "T" : "F" }.joined(separator: " ")
    pairs.append("pbc=\"\(flags)\"")
    return pairs.joined(separator: " ")
  }

  /// A value, in quotes unless it is a plain word; line breaks become blanks.
  private static func quoted(_ value: String) -> String {
    let plain =
      !value.isEmpty
      && value.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || "+-._/:".utf8.contains(byte)
      }
    if plain { return value }
    var escaped = "\""
    for character in value {
      if character == "\"" || character == "\\" { escaped += "\\" }
      escaped += character.isNewline ? " " : String(character)
    }
    return escaped + "\""
  }
}
