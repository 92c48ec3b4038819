import Atomistics
import FileFormats
import Foundation

/// A labelled frame that a potential is trained on or held against.
public struct TrainingFrame: Sendable {
  public let structure: Structure
  /// eV.
  public let energy: Double
  /// eV/Å.
  public let forces: [Vector3]
  /// −V σ in eV; nil where the label has none.
  public let virial: Matrix3?
  /// What its file calls its kind (`config_type`), "frames" if nothing.
  public let group: String
  /// What it descends from (`traj`), the unit of the split; its file if that is not told.
  public let trajectory: String
  /// What its file weighs it with, 1 if nothing.
  public let weight: Double
  /// Who labelled it, as `interphase learn label` notes it.
  public let label: String?

  /// All frames of files of labels, as `interphase learn label` and others write them.
  ///
  /// - Throws: `FileFormatsError` where a frame has no energy or no forces, or a number is none.
  public static func read(_ files: [String]) throws -> [TrainingFrame] {
    try files.flatMap { file in
      var source = ExtendedXYZ().frames(of: try LineReader(path: file))
      var frames: [TrainingFrame] = []
      while let next = try source.next() {
        frames.append(try TrainingFrame(next, file: file, number: frames.count + 1))
      }
      guard !frames.isEmpty else {
        throw FileFormatsError.badFile(path: file, line: nil, reason: "there are no frames")
      }
      return frames
    }
  }

  private init(_ frame: RecordedFrame, file: String, number: Int) throws {
    func bad(_ reason: String) -> FileFormatsError {
      .badFile(path: file, line: nil, reason: "frame \(number): \(reason)")
    }
    guard let energy = frame.energy, let forces = frame.forces else {
      throw bad("it has no \(frame.energy == nil ? "energy" : "forces"); label it first")
    }
    guard energy.isFinite, forces.allSatisfy(\.isFinite) else {
      throw bad("a label is not a finite number")
    }
    func matrix(_ key: String) throws -> Matrix3? {
      guard let text = frame.notes[key] ?? frame.notes[key.capitalized] else { return nil }
      let values = text.split { " ,[]".contains($0) }.compactMap { Double($0) }
      guard values.count == 9, values.allSatisfy(\.isFinite) else {
        throw bad("\(key) is not nine finite numbers")
      }
      func row(_ k: Int) -> Vector3 { Vector3(values[3 * k], values[3 * k + 1], values[3 * k + 2]) }
      return Matrix3(row(0), row(1), row(2))
    }
    structure = frame.structure
    self.energy = energy
    self.forces = forces
    let volume = frame.structure.volume
    virial = try matrix("virial") ?? matrix("stress").map { (-volume) * $0 }
    group = frame.notes["config_type"] ?? "frames"
    trajectory = frame.notes["traj"] ?? file
    let weight = frame.notes["weight"].map { Double($0) ?? -1 } ?? 1
    guard weight > 0, weight.isFinite else { throw bad("its weight is not above 0") }
    self.weight = weight
    label = frame.notes["label"]
  }

  /// √(Σ F²/3N), eV/Å.
  var forceScale: Double {
    (forces.reduce(0) { $0 + $1.lengthSquared } / Double(3 * forces.count)).squareRoot()
  }

  /// The frame for a trainer, with another energy (eV) and a weight.
  func text(energy: Double, weight: Double) -> String {
    var info = [("weight", "\(weight)"), ("config_type", group)]
    if let virial {
      let nine = (0..<3).flatMap { row in (0..<3).map { "\(virial[row, $0])" } }
      info.append(("virial", nine.joined(separator: " ")))
    }
    var plain = structure
    (plain.velocities, plain.regions, plain.layers, plain.formalCharges) = (nil, nil, nil, nil)
    return ExtendedXYZ.text(of: plain, energy: energy, forces: forces, info: info)
  }
}
