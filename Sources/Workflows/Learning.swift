import Atomistics
import FileFormats
import Foundation
import Potentials

/// A directory with a `learn.yaml` in which a potential is learned, round by round.
///
///     learn.yaml
///     round-0/frames/     frames of the structures, and what mixtures there are
///     round-0/choice/     those worth a label
///     round-0/labels/     with energies, forces and virials
///     round-0/training/   a potential trained on all labels so far, its active set
///     round-1/ ...        frames along motion with the potential before, those it extrapolates to
///     last/training/      the potential trained longer on all labels
///     last/test/          its errors on structures that no training saw
///     rounds.csv          what each round found
///     nep.txt, active-set.json
public struct Learning: Sendable {
  public let directory: URL
  public let configuration: LearnConfiguration

  /// Opens the directory.
  ///
  /// - Throws: `WorkflowsError.missing` without a `learn.yaml`, `.badStudy` if it cannot be used.
  public init(directory path: String) throws {
    directory = URL(fileURLWithPath: path)
    let file = directory.appendingPathComponent("learn.yaml")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw WorkflowsError.missing(
        path: file.path, hint: "`interphase learn init DIR` writes one to start from")
    }
    configuration = try LearnConfiguration(yaml: InputFile.text(file.path), path: file.path)
  }

  /// Writes the commented example into a new directory.
  ///
  /// - Throws: `WorkflowsError.badStudy` where there is one already.
  public static func initialize(directory path: String) throws -> URL {
    let target = URL(fileURLWithPath: path).appendingPathComponent("learn.yaml")
    guard !FileManager.default.fileExists(atPath: target.path) else {
      throw WorkflowsError.badStudy(
        path: target.path, line: nil, reason: "is already there and is left as it is")
    }
    let example = try DataDirectory.root().appendingPathComponent("Examples/learn/learn.yaml")
    try createDirectory(target.deletingLastPathComponent())
    try AtomicFile.write(try InputFile.read(example.path), to: target.path)
    return target
  }

  /// A file that `learn.yaml` names: beside it, or carried by the program.
  func input(_ name: String) throws -> URL {
    let own = URL(fileURLWithPath: name, relativeTo: directory).standardizedFileURL
    if FileManager.default.fileExists(atPath: own.path) { return own }
    if let carried = try DataDirectory.file(name) { return carried }
    throw WorkflowsError.missing(
      path: name, hint: "looked for it in \(directory.path) and in the program's Data folder")
  }

  /// A potential knows the elements that it was trained on.
  ///
  /// - Throws: `WorkflowsError.badStudy` for a structure of `test` with another; errors of reading.
  func checkElements() throws {
    func elements(_ names: [String]) throws -> Set<Element> {
      Set(
        try SampleSource.read(try names.map { try input($0).path }, stride: 1)
          .flatMap(\.structure.species))
    }
    var known = try elements(configuration.structures)
    if !configuration.mixtures.isEmpty { known.insert(configuration.sampling.metal) }
    for name in configuration.labels {
      known.formUnion(try TrainingFrame.read([try input(name).path]).flatMap(\.structure.species))
    }
    for name in configuration.test {
      guard let other = try elements([name]).subtracting(known).min() else { continue }
      throw WorkflowsError.badStudy(
        path: place("learn.yaml").path, line: nil,
        reason: "\(name) of 'test' has \(other), which no structure that is learned from has")
    }
  }

  func place(_ parts: String...) -> URL {
    parts.reduce(directory) { $0.appendingPathComponent($1) }
  }
}

/// What labels frames, ready to be asked.
public struct Labeller {
  public let calculator: any Calculator
  public let name: String
  /// Of all that decides its numbers.
  public let sha256: String
  /// Sends external programs away.
  public let close: () -> Void

  public init(
    calculator: any Calculator, name: String, sha256: String, close: @escaping () -> Void
  ) {
    (self.calculator, self.name, self.sha256, self.close) = (calculator, name, sha256, close)
  }
}

/// What a round found.
public struct LearnRound: Codable, Sendable {
  public let round: Int
  /// Frames that were made.
  public let frames: Int
  /// Physical frames that are told apart from others, and those of them in which an atom
  /// extrapolates; the latter nil without an active set.
  public let candidates: Int
  public let extrapolating: Int?
  public let labelled: Int
  public let failed: Int
  /// Frames that the round's potential was trained on, and its errors on those held out; nil where
  /// nothing was left to be learned.
  public let trained: Int?
  public let energy_meV_per_atom: Double?
  public let force_eV_per_A: Double?

  /// The share of the candidates in which an atom extrapolates; nil without an active set.
  public var share: Double? {
    extrapolating.map { candidates > 0 ? Double($0) / Double(candidates) : 0 }
  }
}
