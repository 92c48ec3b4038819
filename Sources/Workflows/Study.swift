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
  public var directory: URL { project.url }
  public let configuration: StudyConfiguration
  private let project: ProjectDirectory

  /// Opens the study in a directory.
  ///
  /// - Throws: `WorkflowsError.missing` without a `study.yaml`, `.badStudy` if it cannot be used.
  public init(directory path: String) throws {
    project = try ProjectDirectory(path, file: "study.yaml", verb: "study")
    let file = project.file.path
    configuration = try StudyConfiguration(yaml: InputFile.text(file), path: file)
  }

  /// Writes the commented example into a new directory.
  public static func initialize(directory path: String) throws -> URL {
    try ProjectDirectory.initialize(path, file: "study.yaml", example: "argyrodite")
  }

  var results: URL { results() }

  func results(_ parts: String...) -> URL { project.place(["results"] + parts) }

  /// A file that the study names: beside `study.yaml`, or carried by the program.
  func input(_ name: String) throws -> URL { try project.input(name) }

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
