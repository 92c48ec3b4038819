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
  public var directory: URL { project.url }
  public let configuration: LearnConfiguration
  private let project: ProjectDirectory

  /// Opens the directory.
  ///
  /// - Throws: `WorkflowsError.missing` without a `learn.yaml`, `.badStudy` if it cannot be used.
  public init(directory path: String) throws {
    project = try ProjectDirectory(path, file: "learn.yaml", verb: "learn")
    let file = project.file.path
    configuration = try LearnConfiguration(yaml: InputFile.text(file), path: file)
  }

  /// Writes the commented example into a new directory.
  ///
  /// - Throws: `WorkflowsError.badStudy` where there is one already.
  public static func initialize(directory path: String) throws -> URL {
    try ProjectDirectory.initialize(path, file: "learn.yaml", example: "learn")
  }

  /// A file that `learn.yaml` names: beside it, or carried by the program.
  func input(_ name: String) throws -> URL { try project.input(name) }

  func place(_ parts: String...) -> URL { project.place(parts) }

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
    // Labels are read only where crystals do not have all elements: they may be many.
    let tested = try elements(configuration.test)
    for name in configuration.labels where !tested.isSubset(of: known) {
      known.formUnion(try TrainingFrame.read([try input(name).path]).flatMap(\.structure.species))
    }
    for name in configuration.test {
      guard let other = try elements([name]).subtracting(known).min() else { continue }
      throw WorkflowsError.badStudy(
        path: place("learn.yaml").path, line: nil,
        reason: "\(name) of 'test' has \(other), which no structure that is learned from has")
    }
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
