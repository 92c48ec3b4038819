import Atomistics

extension StudyConfiguration {
  /// Extrapolation grades of the contacts' atoms: against what, and what follows from them.
  public struct Grades: Sendable, Codable {
    public let source: Source
    public let settings: GradeSettings

    /// Where the active set comes from; the names are those of `study.yaml`.
    public enum Source: Sendable, Codable, Hashable {
      /// A file that `interphase potential active-set` wrote.
      case activeSet(String)
      /// Frames in extended XYZ, from which the study makes the set itself.
      case trainingSet(String)
    }
  }
}

extension StudyConfiguration.Grades {
  /// - Parameter timestep: of the dynamics, in fs.
  init(_ file: StudyFile, timestep: Double) throws {
    try file.expect(only: ["active_set", "training_set", "threshold", "interval", "stop"])
    source = try Self.source(file)
    var settings = GradeSettings()
    if file.contains("threshold") { settings.threshold = try Self.grade("threshold", file) }
    if file.contains("stop") { settings.stop = try Self.grade("stop", file) }
    if file.contains("interval") {
      settings.interval = try file.quantity("interval", Quantity.time)
    }
    if let stop = settings.stop, stop < settings.threshold {
      throw file.failure(
        "'stop' is \(stop), below the threshold \(settings.threshold) from which frames are kept; "
          + "a run stops at a grade that is as high or higher", key: "stop")
    }
    try file.checking("interval") { [settings] in
      try Self.check(settings, timestep: timestep)
    }
    self.settings = settings
  }

  private static func source(_ file: StudyFile) throws -> Source {
    switch (file.contains("active_set"), file.contains("training_set")) {
    case (true, false): return .activeSet(try file.string("active_set"))
    case (false, true): return .trainingSet(try file.string("training_set"))
    case (true, true):
      throw file.failure(
        "give 'active_set' or 'training_set', not both: the study makes the active set from a "
          + "training set itself", key: "training_set")
    case (false, false):
      throw file.failure(
        "'grades' needs an 'active_set' (a file of `interphase potential active-set`) or a "
          + "'training_set' (the potential's frames in extended XYZ)")
    }
  }

  private static func grade(_ key: String, _ file: StudyFile) throws -> Double {
    let value = try file.number(key)
    guard value > 0 else { throw file.failure("'\(key)' must be above zero", key: key) }
    return value
  }

  /// Whether kept frames are whole steps apart.
  private static func check(_ grades: GradeSettings, timestep: Double) throws {
    var settings = DynamicsSettings(temperature: 1, production: timestep)
    settings.timestep = timestep
    settings.sampleInterval = timestep
    settings.checkpointInterval = timestep
    settings.grades = grades
    try settings.validate()
  }
}
