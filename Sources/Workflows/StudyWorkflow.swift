import Atomistics
import FileFormats
import Foundation
import Report

/// Where a study is, stage by stage.
public struct StudyStatus: Codable, Sendable {
  public struct Entry: Codable, Sendable {
    public let stage: String
    /// done, started, outdated, missing, or waiting for a stage before it.
    public let state: String
  }

  public let directory: String
  public let plan: String
  public let stages: [Entry]
  public var isDone: Bool { stages.allSatisfy { $0.state == StageState.done.rawValue } }
}

/// What a run of a study ends with.
public struct StudyOutcome: Sendable {
  public let report: URL
  /// What thermodynamics says and what the dynamics measured, as text.
  public let summary: String
}

extension Study {
  /// Runs what is not done: thermodynamics, crystals, contacts, dynamics, references, analysis,
  /// report.
  ///
  /// - Throws: errors that say which stage; everything done before is kept.
  public func run(plan: String, threads: Int, quiet: Bool) throws -> StudyOutcome {
    // First, so that a study that cannot begin leaves nothing behind.
    let run = try StudyRun(self, plan: plan, threads: threads, quiet: quiet)
    try createDirectory(results)
    let lock = try StudyLock(results)
    defer { lock.release() }
    // Hours before the report is tried, not after.
    do { _ = try Gnuplot() } catch {
      run.progress.remark("only the report will fail: \(error)")
    }
    for make in run.stages { try run.runner.ensure(make.stage()) }
    return try StudyOutcome(report: run.reportURL, summary: run.summary())
  }

  /// Says where the study is; computes nothing.
  public func status(plan: String) throws -> StudyStatus {
    let run = try StudyRun(self, plan: plan, threads: 1, quiet: true)
    let entries = run.stages.map { make in
      // A stage can only be made when the files it reads are there.
      guard let stage = try? make.stage() else {
        return StudyStatus.Entry(stage: make.name, state: "waiting")
      }
      return StudyStatus.Entry(stage: make.name, state: run.runner.state(of: stage).rawValue)
    }
    return StudyStatus(directory: directory.path, plan: plan, stages: entries)
  }

  /// Draws the report again from the results that are there.
  public func redrawReport(plan: String, quiet: Bool) throws -> StudyOutcome {
    let run = try StudyRun(self, plan: plan, threads: 1, quiet: quiet)
    try createDirectory(results)
    let lock = try StudyLock(results)
    defer { lock.release() }
    for make in run.stages.dropLast() where run.runner.state(of: try make.stage()) != .done {
      throw WorkflowsError.missing(
        path: "the results of '\(make.name)'",
        hint: "run `interphase study run \(directory.path)` first")
    }
    let stage = try run.reportStage()
    try createDirectory(stage.directory)
    try stage.work(stage.directory)
    return try StudyOutcome(report: run.reportURL, summary: run.summary())
  }
}

extension StudyRun {
  /// A stage by name, made when those before it are done.
  struct Pending {
    let name: String
    let stage: () throws -> Stage
  }

  /// All stages in the order that they are done.
  var stages: [Pending] {
    let configuration = study.configuration
    var list = [Pending(name: "thermodynamics", stage: thermodynamicsStage)]
    if let trainingSet = grading?.trainingSet {
      list.append(Pending(name: "active set") { try activeSetStage(from: trainingSet) })
    }
    for crystal in study.crystals {
      list.append(Pending(name: "relax \(crystal.name)") { try bulkStage(crystal) })
    }
    for electrolyte in configuration.electrolytes {
      list.append(
        Pending(name: "contact \(electrolyte.name)") { try contactStage(electrolyte) })
    }
    for electrolyte in configuration.electrolytes {
      for seed in plan.seeds {
        list.append(
          Pending(name: "dynamics \(electrolyte.name), seed \(seed)") {
            try dynamicsStage(
              electrolyte, contact: contactStage(electrolyte), seed: seed)
          })
      }
    }
    for crystal in study.comparedCrystals {
      list.append(
        Pending(name: "reference \(crystal.name)") {
          try referenceStage(crystal, bulk: bulkStage(crystal))
        })
    }
    for electrolyte in configuration.electrolytes {
      list.append(
        Pending(name: "analyze \(electrolyte.name)") { try analysisStage(electrolyte) })
    }
    list.append(Pending(name: "report", stage: reportStage))
    return list
  }

  func bulkStage(named name: String) throws -> Stage {
    guard let crystal = study.crystals.first(where: { $0.name == name }) else {
      preconditionFailure("the study's check lets no unknown name through")
    }
    return try bulkStage(crystal)
  }

  func analysisStage(_ electrolyte: StudyConfiguration.Electrolyte) throws -> Stage {
    let contact = try contactStage(electrolyte)
    let runs = try Dictionary(
      uniqueKeysWithValues: plan.seeds.map { seed in
        (seed, try dynamicsStage(electrolyte, contact: contact, seed: seed))
      })
    let named = electrolyte.references
    let references = try Dictionary(
      uniqueKeysWithValues: study.comparedCrystals.filter { named.contains($0.name) }.map {
        ($0.name, try referenceStage($0, bulk: bulkStage($0)))
      })
    return try analysisStage(electrolyte, contact: contact, runs: runs, references: references)
  }
}
