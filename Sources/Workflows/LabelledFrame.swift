import Atomistics
import FileFormats
import Foundation
import Potentials

/// A frame that is to be labelled.
struct FrameToLabel: Sendable {
  /// "file:12", the frame counted from 1.
  let source: String
  let structure: Structure
  /// What its file says of it besides: config_type, traj and the like.
  let notes: [String: String]
  /// Of species, cell, periodicity and positions, bit by bit: what a label belongs to.
  let digest: String

  /// All frames of the files, in their order; doubles of one before are left out and counted.
  ///
  /// - Throws: `FileFormatsError`, and `AtomisticsError.badStructure` for one that cannot be
  ///   evaluated, before anything is computed.
  static func read(_ files: [String]) throws -> (frames: [FrameToLabel], doubles: Int) {
    var (frames, doubles, seen) = ([FrameToLabel](), 0, Set<String>())
    for file in files {
      for (number, frame) in try recorded(file).enumerated() {
        let next = FrameToLabel(
          source: "\(file):\(number + 1)", structure: frame.structure, notes: frame.notes)
        if seen.insert(next.digest).inserted { frames.append(next) } else { doubles += 1 }
      }
    }
    return (frames, doubles)
  }

  private init(source: String, structure: Structure, notes: [String: String]) {
    self.source = source
    self.structure = structure
    self.notes = notes
    digest = Self.digest(of: structure)
  }

  /// Extended XYZ may hold frames of different atoms; of any other format the structure is taken.
  static func recorded(_ file: String) throws -> [RecordedFrame] {
    let name = file.hasSuffix(".gz") ? String(file.dropLast(3)) : file
    guard ExtendedXYZ().claims(fileName: name) else {
      return [RecordedFrame(structure: try StructureFile.read(file))]
    }
    var source = ExtendedXYZ().frames(of: try LineReader(path: file))
    var frames: [RecordedFrame] = []
    while let next = try source.next() { frames.append(next) }
    guard !frames.isEmpty else {
      throw FileFormatsError.badFile(
        path: file, line: nil, reason: "there are no frames; expected extended XYZ")
    }
    return frames
  }

  static func digest(of structure: Structure) -> String {
    var bytes = Data()
    func add(_ vector: Vector3) {
      for k in 0..<3 {
        withUnsafeBytes(of: vector[k].bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    for element in structure.species { bytes.append(UInt8(element.atomicNumber)) }
    for flag in structure.periodic { bytes.append(flag ? 1 : 0) }
    for vector in [structure.lattice.a, structure.lattice.b, structure.lattice.c] { add(vector) }
    structure.positions.forEach(add)
    return SHA256Digest.hex(of: bytes)
  }

  /// What is written of it without a label.
  static let ownKeys: Set<String> = [
    "Lattice", "Properties", "pbc", "energy", "free_energy", "virial", "stress", "forces", "label",
    "label_sha256", "frame_sha256", "reason", "Energy", "Virial", "Stress", "lattice", "PBC",
    "velocity_unit", "time", "Time",
  ]

  /// The frame with its label as extended XYZ, in the keys that trainers of neuroevolution
  /// potentials read: `energy`, `virial` = −V σ (eV) and `forces`; and `stress` as ASE has it.
  func labelled(_ found: Evaluation, by label: Label) -> String {
    var plain = structure
    plain.velocities = nil
    func nine(_ matrix: Matrix3) -> String {
      (0..<3).flatMap { row in (0..<3).map { "\(matrix[row, $0])" } }.joined(separator: " ")
    }
    var pairs = notes.filter { !Self.ownKeys.contains($0.key) }.sorted { $0.key < $1.key }
      .filter { !$0.key.isEmpty && $0.key.allSatisfy(Self.isPlain) }
      .map { ($0.key, $0.value) }
    if notes["source"] == nil { pairs.append(("source", source)) }
    pairs.append(("label", label.name))
    pairs.append(("label_sha256", label.sha256))
    pairs.append(("frame_sha256", digest))
    if structure.periodic.contains(true) {
      pairs.append(("virial", nine((-structure.volume) * found.stress)))
      pairs.append(("stress", nine(found.stress)))
    }
    return ExtendedXYZ.text(
      of: plain, energy: found.energy, forces: found.forces, info: pairs)
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_-".contains(character))
  }
}

/// Whose numbers a label holds.
struct Label: Sendable, Hashable {
  let name: String
  let sha256: String
}
