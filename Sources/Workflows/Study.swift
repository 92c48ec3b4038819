import Atomistics
import FileFormats
import Foundation

/// A study: a directory with a `study.yaml`, in which the results appear.
///
///     study.yaml
///     results/thermodynamics/            windows, uptake, reactions
///     results/active-set/                what grades are measured against, if made from a training set
///     results/bulk/NAME/                 crystals relaxed with the potential
///     results/contact/NAME/              the contact, as built and relaxed
///     results/PLAN/dynamics/NAME/seed-N/ trajectory, energies and temperatures, checkpoints
///     results/PLAN/references/NAME/      dynamics of bulk phases
///     results/PLAN/analysis/NAME/        bonds, radial distributions, spread
///     report.html, figures/              (report-PLAN.html, figures-PLAN/ for other plans)
public struct Study: Sendable {
  public let directory: URL
  public let configuration: StudyConfiguration

  /// Opens the study in a directory.
  ///
  /// - Throws: `WorkflowsError.missing` without a `study.yaml`, `.badStudy` if it cannot be used.
  public init(directory path: String) throws {
    directory = URL(fileURLWithPath: path)
    let file = directory.appendingPathComponent("study.yaml")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw WorkflowsError.missing(
        path: file.path, hint: "`interphase study init DIR` writes one to start from")
    }
    configuration = try StudyConfiguration(yaml: InputFile.text(file.path), path: file.path)
  }

  /// Writes the commented example into a new directory.
  public static func initialize(directory path: String) throws -> URL {
    let target = URL(fileURLWithPath: path).appendingPathComponent("study.yaml")
    guard !FileManager.default.fileExists(atPath: target.path) else {
      throw WorkflowsError.badStudy(
        path: target.path, line: nil, reason: "is already there and is left as it is")
    }
    let example = try DataDirectory.root()
      .appendingPathComponent("Examples/argyrodite/study.yaml")
    try createDirectory(target.deletingLastPathComponent())
    try AtomicFile.write(try InputFile.read(example.path), to: target.path)
    return target
  }

  var results: URL { directory.appendingPathComponent("results") }

  func results(_ parts: String...) -> URL {
    parts.reduce(results) { $0.appendingPathComponent($1) }
  }

  /// A file that the study names: beside `study.yaml`, or carried by the program.
  func input(_ name: String) throws -> URL {
    let own = URL(fileURLWithPath: name, relativeTo: directory).standardizedFileURL
    if FileManager.default.fileExists(atPath: own.path) { return own }
    if let carried = try DataDirectory.file(name) { return carried }
    throw WorkflowsError.missing(
      path: name,
      hint: "looked for it in \(directory.path) and in the program's Data folder")
  }

  /// Every crystal of the study: the metal, the electrolytes and the reference phases.
  var crystals: [StudyConfiguration.Crystal] {
    [configuration.metal]
      + configuration.electrolytes.map { .init(name: $0.name, structure: $0.structure) }
      + configuration.references.phases
  }

  /// The crystals that some panel compares with, in the order of `crystals`.
  var comparedCrystals: [StudyConfiguration.Crystal] {
    let named = configuration.electrolytes.reduce(into: Set()) { $0.formUnion($1.references) }
    return crystals.filter { named.contains($0.name) }
  }
}
