import Atomistics
import FileFormats
import Foundation

/// A frame that may be chosen, with all that its file says of it.
struct CandidateFrame: Sendable {
  /// "file:12", the frame counted from 1.
  let source: String
  let frame: RecordedFrame
  /// Of species, cell and positions to 1e-5 Å: equal for frames that were printed with fewer digits.
  let key: String

  var structure: Structure { frame.structure }
  var largestForce: Double? { frame.forces?.map(\.length).max() }

  /// All frames of the files, in their order.
  ///
  /// - Throws: `FileFormatsError`.
  static func read(_ files: [String]) throws -> [CandidateFrame] {
    try files.flatMap { file in
      try FrameToLabel.recorded(file).enumerated().map { number, frame in
        CandidateFrame(source: "\(file):\(number + 1)", frame)
      }
    }
  }

  private init(source: String, _ frame: RecordedFrame) {
    self.source = source
    self.frame = frame
    let structure = frame.structure
    var bytes = Data()
    for element in structure.species { bytes.append(UInt8(element.atomicNumber)) }
    for flag in structure.periodic { bytes.append(flag ? 1 : 0) }
    let lattice = [structure.lattice.a, structure.lattice.b, structure.lattice.c]
    for vector in lattice + structure.positions {
      for k in 0..<3 {
        // Clamped: what is further away is no atom of a frame.
        let digits = Int64(max(-1e17, min(1e17, (vector[k] * 1e5).rounded())))
        withUnsafeBytes(of: digits.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    key = SHA256Digest.hex(of: bytes)
  }

  /// The frame with its label and its notes, if it has any.
  var text: String {
    let pairs = frame.notes.sorted { $0.key < $1.key }
      .filter { !Self.ownKeys.contains($0.key) && $0.key.allSatisfy(Self.isPlain) }
      .map { ($0.key, $0.value) }
    var plain = structure
    plain.velocities = nil
    guard let energy = frame.energy, let forces = frame.forces else {
      return ExtendedXYZ.text(of: plain, info: pairs)
    }
    return ExtendedXYZ.text(of: plain, energy: energy, forces: forces, info: pairs)
  }

  /// What is written anyway, or belongs to a trajectory.
  private static let ownKeys: Set<String> = [
    "", "Lattice", "lattice", "Properties", "pbc", "PBC", "energy", "Energy", "velocity_unit",
    "time", "Time", "time_fs", "time_ps",
  ]

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_-".contains(character))
  }
}
