import Atomistics
import FileFormats
import Foundation
import Potentials

/// What the model card says of it.
extension PotentialFile {
  /// Lines of the model card on its form.
  var form: [String] {
    let header = potential.header
    func range(_ values: [Double]) -> String {
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      return low == high ? "\(trimmed(low)) Å" : "\(trimmed(low)) to \(trimmed(high)) Å"
    }
    let repulsion =
      switch header.repulsion {
      case .none: "none"
      case .universal(let inner, let outer):
        "ZBL, switched off from \(trimmed(inner)) to \(trimmed(outer)) Å"
      case .covalent(let factor, let outer):
        "ZBL up to \(trimmed(factor)) of the covalent radii, at most \(trimmed(outer)) Å"
      case .flexible: "ZBL with ten numbers a pair"
      }
    return [
      "File: `\(URL(fileURLWithPath: path).lastPathComponent)`, SHA-256 `\(sha256)`.",
      "Form: \(header.format), \(header.parameterCount) parameters, \(header.neurons) neurons, "
        + "\(header.descriptorCount) components of the descriptor.",
      "Cut-offs: radial \(range(header.radialCutoffs)), angular \(range(header.angularCutoffs)).",
      "Repulsion at short range: \(repulsion).",
      "Elements (\(header.species.count)): "
        + header.species.map(\.symbol).joined(separator: " ") + ".",
    ]
  }

  /// What the directory of the file tells of its training, as `interphase learn train` leaves it; nil
  /// where it tells nothing.
  var training: Training? {
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
    func data(_ name: String) -> Data? {
      FileManager.default.contents(atPath: directory.appendingPathComponent(name).path)
    }
    let record = data("training.json").flatMap {
      try? JSONDecoder().decode(TrainingRecord.self, from: $0)
    }
    // nep.in alone may be that of another model.
    guard let record, let input = data("nep.in"),
      SHA256Digest.hex(of: input) == record.input_sha256
    else { return nil }
    let errors = try? CSVTable(path: directory.appendingPathComponent("errors.csv").path)
    let counts = (errors?.rows ?? []).filter { $0.count > 2 && $0[1] == "all" }
      .map { "\($0[2]) frames (\($0[0] == "train" ? "trained on" : "held out"))" }
    return Training(
      input: String(decoding: input, as: UTF8.self),
      facts: [
        "Trainer: \(record.trainer), seed \(record.seed).",
        "Frames: \(counts.isEmpty ? "not told" : counts.joined(separator: ", ")).",
        "SHA-256 of the frames trained on `\(record.train_sha256)`, held out "
          + "`\(record.valid_sha256)`.",
      ] + (record.start_sha256.map { ["Started from the potential with SHA-256 `\($0)`."] } ?? []))
  }

  struct Training {
    let input: String
    let facts: [String]
  }

  private struct TrainingRecord: Decodable {
    let train_sha256, valid_sha256, input_sha256: String
    let seed: Int
    let trainer: String
    let start_sha256: String?
  }
}
