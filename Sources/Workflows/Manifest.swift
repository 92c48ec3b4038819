import Atomistics
import FileFormats
import Foundation

/// What a stage's results came from; it lies beside them as `manifest.json`.
///
/// The `key` is the hash of all that the results depend on. A stage whose manifest has the same key,
/// and whose files are what the manifest says, is not done again.
public struct Manifest: Codable, Sendable {
  public let stage: String
  public let key: String
  /// SHA-256 of each input, by name.
  public let inputs: [String: String]
  /// The settings as JSON.
  public let settings: String
  /// SHA-256 of each file written, by name.
  public let outputs: [String: String]
  public let provenance: Provenance

  /// The hash of what results depend on.
  static func key(stage: String, revision: Int, settings: String, inputs: [String: String])
    -> String
  {
    let parts =
      ["\(stage) \(revision)", settings]
      + inputs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return SHA256Digest.hex(of: Data(parts.joined(separator: "\n").utf8))
  }
}

/// Who made it: version, machine, date, how long it took.
public struct Provenance: Codable, Sendable {
  public let version: String
  public let machine: String
  public let threads: Int
  public let date: String
  public let wallSeconds: Double
  /// "single precision, AVX2": how the dynamics were computed where they ended.
  public let arithmetic: String?

  static func now(threads: Int, wallSeconds: Double, arithmetic: String?) -> Provenance {
    let formatter = ISO8601DateFormatter()
    return Provenance(
      version: InterphaseVersion.current, machine: machineName, threads: threads,
      date: formatter.string(from: Date()), wallSeconds: (wallSeconds * 100).rounded() / 100,
      arithmetic: arithmetic)
  }

  /// The processor and how many cores, as the system tells them.
  static var machineName: String {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = info.split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    return "\(model ?? "unknown processor"), \(cores) cores"
  }
}

/// The version of the program, as `CHANGELOG.md` counts it.
public enum InterphaseVersion {
  public static let current = "0.1.0"
}
