import Atomistics
import Engines
import FileFormats
import Foundation
import Potentials
import Thermodynamics

/// A potential held against labels, and against another calculator on crystals and reactions.
///
/// Everything but the answers of the reference follows from the potential and the files; those are kept
/// in `reference.evaluations` of the directory (`KeptEvaluations`), so that the same command goes on
/// after any interruption and ends with the same bytes.
public struct Validation: Sendable {
  /// What the potential is held against on crystals.
  public struct Reference: Sendable {
    let calculator: any Calculator
    let name: String
    let sha256: String

    /// - Parameter sha256: of all that decides the calculator's numbers.
    public init(calculator: any Calculator, name: String, sha256: String) {
      (self.calculator, self.name, self.sha256) = (calculator, name, sha256)
    }
  }

  public let potential: PotentialFile
  public var reference: Reference?
  /// Files of structures: the reference relaxes each crystal from where it is, past saddles, the
  /// potential from there.
  public var crystals: [String] = []
  /// As `interphase react` takes them.
  public var reactions: [String] = []
  /// Elastic constants and phonons of no larger cells.
  public var mostAtoms = 60
  /// Crystals in motion, for radial distributions; nil for none.
  public var motion: MotionSettings?
  public var threads = 1
  /// Of intervals and of the points in pictures.
  public var seed: UInt64 = 1

  public init(potential: PotentialFile) { self.potential = potential }

  /// Does what is to be done and writes tables, model card and page into a directory.
  ///
  /// - Parameter progress: called with what is under way, from any thread, one at a time.
  /// - Throws: errors of the input before anything is computed: `FileFormatsError`,
  ///   `PotentialsError.unsupportedElement`, `ThermodynamicsError` and `WorkflowsError.badValidation`
  ///   for reactions; `EnginesError`; `WorkflowsError.badRun` where the directory holds evaluations of
  ///   another reference, `.locked`, `.interruptedAndKept`, `.figureFailed`;
  ///   `FileFormatsError.cannotWrite`.
  public func run(
    _ labels: [String], in directory: URL,
    progress: @escaping @Sendable (String) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { Interruption.isRequested }
  ) throws -> ValidationResult {
    let frames = try TrainingFrame.read(labels)
    let crystals = try ValidatedCrystal.read(self.crystals)
    let reactions = try self.reactions.map { try ReactionComparison.parse($0, among: crystals) }
    let known = potential.potential
    try known.validate(Set(frames.flatMap { Set($0.structure.species) }))
    for crystal in crystals {
      try known.validate(Set(crystal.structure.species))
      try reference?.calculator.validate(Set(crystal.structure.species))
      try crystal.structure.validate(minimumDistance: 0.2)
    }
    if reference == nil, !crystals.isEmpty {
      throw WorkflowsError.badValidation(
        "crystals are compared with a reference, and there is none")
    }
    try createDirectory(directory)
    let lock = try StudyLock(directory)
    defer { lock.release() }
    let errors = try labelErrors(frames, directory, progress, shouldStop)
    let compared = try compare(crystals, directory, progress, shouldStop)
    let result = ValidationResult(
      validation: self, labels: labels, errors: errors, crystals: compared,
      reactions: reactions.map { ReactionComparison($0, compared) },
      labelled: Set(frames.flatMap { Set($0.structure.species) }))
    try result.write(to: directory)
    return result
  }

  private func labelErrors(
    _ frames: [TrainingFrame], _ directory: URL, _ progress: @escaping @Sendable (String) -> Void,
    _ shouldStop: @escaping @Sendable () -> Bool
  ) throws -> LabelErrors? {
    guard !frames.isEmpty else { return nil }
    let found = try LabelErrors(
      frames, of: potential.potential, threads: threads, seed: seed,
      progress: { progress("\($0) of \(frames.count) labelled frames") }, shouldStop: shouldStop)
    guard let found else {
      throw WorkflowsError.interruptedAndKept(
        what: directory.path, done: "frames are not kept, what the reference answered is")
    }
    return found
  }

  private func compare(
    _ crystals: [ValidatedCrystal], _ directory: URL,
    _ progress: @escaping @Sendable (String) -> Void,
    _ shouldStop: @escaping @Sendable () -> Bool
  ) throws -> [CrystalComparison] {
    guard let reference, !crystals.isEmpty else { return [] }
    let kept = try KeptEvaluations(
      reference.calculator, name: reference.name, sha256: reference.sha256,
      path: directory.appendingPathComponent("reference.evaluations").path, shouldStop: shouldStop)
    var native = potential.potential
    native.threads = threads
    let stopped = { @Sendable in
      WorkflowsError.interruptedAndKept(
        what: directory.path, done: "\(kept.count) evaluations of \(reference.name) are kept")
    }
    do {
      return try crystals.map { crystal in
        try CrystalComparison(
          crystal, potential: native, reference: kept, mostAtoms: mostAtoms, motion: motion
        ) {
          progress($0)
          if shouldStop() { throw stopped() }
        }
      }
    } catch is SamplingStopped {
      throw stopped()
    }
  }
}
