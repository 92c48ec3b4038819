import Atomistics
import FileFormats

/// A frame that waits for a label, with what is to be known of it.
struct SampledFrame: Sendable {
  var structure: Structure
  /// What a trainer groups its errors by.
  var group: String
  /// What it descends from: frames of one `trajectory` stay on one side of a split.
  var trajectory: String
  /// What made it: temperature, strain, size of the displacements.
  var notes: [(String, String)]

  /// As extended XYZ, `part` of so many frames that one recipe made.
  func text(recipe: String, seed: UInt64, part: Int, of parts: Int) -> String {
    var plain = structure
    (plain.velocities, plain.formalCharges) = (nil, nil)
    let info =
      [("config_type", group), ("traj", trajectory)] + notes + [
        ("seed", "\(seed)"), ("sample_sha256", recipe), ("sample_part", "\(part)/\(parts)"),
      ]
    return ExtendedXYZ.text(of: plain, info: info)
  }
}

/// What one recipe made.
struct SampledFrames: Sendable {
  var frames: [SampledFrame] = []
  /// Why frames were left out, each with the count.
  var dropped: [String: Int] = [:]
  /// What a person should know: where a trajectory ended and why.
  var remark: String?

  /// Takes the frame unless two of its atoms are too near.
  mutating func take(_ frame: SampledFrame, unlessNearerThan factor: Double) {
    if let pair = ClosePair(in: frame.structure, under: factor) {
      dropped[pair.text, default: 0] += 1
    } else {
      frames.append(frame)
    }
  }
}
