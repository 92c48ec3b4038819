import Atomistics
import FileFormats
import Foundation
import Potentials

/// An active set on the disk: JSON that names the potential's hash and carries its own.
public enum ActiveSetFile {
  private static let format = "interphase active set 1"

  private struct Part: Codable {
    let element: String
    let environments: Int
    let sources: [ActiveSet.Source?]
    let rows: [Double]
  }

  private struct Body: Codable {
    let format: String
    let potentialSHA256: String
    let neurons: Int
    let floor: Double
    let parts: [Part]
  }

  private struct Sealed: Codable {
    let body: Body
    let sha256: String
  }

  /// Throws `FileFormatsError.cannotWrite`.
  public static func write(_ set: ActiveSet, potentialSHA256: String, to path: String) throws {
    let parts = set.parts.sorted { $0.key < $1.key }.map { element, part in
      Part(
        element: element.symbol, environments: part.environments, sources: part.sources,
        rows: part.rows.numbers)
    }
    let body = Body(
      format: format, potentialSHA256: potentialSHA256, neurons: set.neurons,
      floor: ActiveSet.floor, parts: parts)
    let sealed = Sealed(body: body, sha256: try hash(body))
    try AtomicFile.write(try canonicalJSON(sealed) + "\n", to: path)
  }

  /// Reads a set for the potential of this hash and so many neurons.
  ///
  /// - Throws: `FileFormatsError` for a file that is missing or damaged, or made for another
  ///   potential.
  public static func read(
    _ path: String, potentialSHA256: String, neurons: Int
  ) throws -> ActiveSet {
    let data = try InputFile.read(path)
    guard let sealed = try? JSONDecoder().decode(Sealed.self, from: data) else {
      throw bad(path, "this is no active set; make one with `interphase potential active-set`")
    }
    let body = sealed.body
    guard body.format == format, body.floor == ActiveSet.floor else {
      throw bad(path, "the format is \"\(body.format)\", expected \"\(format)\"; make it anew")
    }
    guard try hash(body) == sealed.sha256 else {
      throw bad(path, "the file was damaged or changed since it was made; make it anew")
    }
    guard body.potentialSHA256 == potentialSHA256 else {
      throw bad(
        path,
        "the set was made for the potential with the SHA-256 \(body.potentialSHA256.prefix(12)), "
          + "this one has \(potentialSHA256.prefix(12)); make one for this potential")
    }
    guard body.neurons == neurons else {
      throw bad(path, "rows of \(body.neurons) numbers, expected \(neurons)")
    }
    return ActiveSet(neurons: neurons, parts: try parts(of: body, path))
  }

  private static func parts(of body: Body, _ path: String) throws -> [Element: ActiveSet.Part] {
    var parts: [Element: ActiveSet.Part] = [:]
    let n = body.neurons
    for row in body.parts {
      guard let element = Element(row.element), parts[element] == nil,
        row.rows.count == n * n, row.sources.count == n,
        let part = ActiveSet.Part(
          rows: SquareMatrix(count: n, numbers: row.rows), sources: row.sources,
          environments: row.environments)
      else { throw bad(path, "the rows of \(row.element) are no active set; make it anew") }
      parts[element] = part
    }
    return parts
  }

  private static func hash(_ body: Body) throws -> String {
    SHA256Digest.hex(of: Data(try canonicalJSON(body).utf8))
  }

  private static func bad(_ path: String, _ reason: String) -> FileFormatsError {
    .badFile(path: path, line: nil, reason: reason)
  }
}
