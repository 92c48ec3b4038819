import Atomistics
import Foundation

/// What `interphase bader --json` printed, as far as charges go.
public struct BaderJSON: Sendable {
  public struct Atom: Sendable, Hashable, Decodable {
    public let element: Element
    public let electrons: Double
    /// Nil where the ions' charges were not known.
    public let charge: Double?
  }

  public let path: String
  public let atoms: [Atom]

  private struct Content: Decodable {
    let atoms: [Atom]
    /// Whether all the electrons were counted is not asked here, but only a result of `bader` says it.
    let vacuumElectrons: Double
  }

  /// Whether the file begins as JSON does.
  ///
  /// - Throws: `FileFormatsError.missing`, `.unreadable`, `.truncated`, `.badFile`.
  public static func claims(path: String) throws -> Bool {
    let line = try LineReader(path: path).nextFilledLine()
    return line.flatMap { fields($0).first }?.hasPrefix("{") ?? false
  }

  /// - Throws: `FileFormatsError.missing`, `.unreadable`, `.truncated`, `.badFile`.
  public init(path: String) throws {
    self.path = path
    let data = try InputFile.read(path)
    func bad(_ reason: String) -> FileFormatsError {
      .badFile(path: path, line: nil, reason: reason)
    }
    do {
      atoms = try JSONDecoder().decode(Content.self, from: data).atoms
    } catch let error as DecodingError {
      guard (try? JSONSerialization.jsonObject(with: data)) != nil else {
        throw bad("this is no whole JSON; was the file cut off?")
      }
      throw bad(
        "this is not what 'interphase bader --json' prints (\(Self.reason(error))); expected atoms "
          + "with element, electrons and charge")
    } catch let error as AtomisticsError {
      throw bad(error.description)
    }
    guard !atoms.isEmpty else { throw bad("it holds no atoms") }
    for (index, atom) in atoms.enumerated()
    where !atom.electrons.isFinite || !(atom.charge ?? 0).isFinite {
      throw bad("the charge of atom \(index + 1) is not a finite number")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "no key '\(key.stringValue)'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      "at " + context.codingPath.map(\.stringValue).joined(separator: ".")
    @unknown default: "unreadable"
    }
  }
}
