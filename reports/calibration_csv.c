/* reports/calibration_csv.c - the fitted quotes as CSV; empty where there is no number. */
#include "reports/csv_fields_internal.h"
#include "reports/simulation_internal.h"

fel_status calibration_put_quotes(const void *report, FILE *stream)
{
    const fel_calibration_report *r = report;
    text_out out;
    text_out_begin(&out, stream);
    csv_word(&out,
             "row,right,t_years,strike,forward,discount,market_vol,bid_vol,ask_vol,model_vol,"
             "vol_points,market_price,model_price,residual,weight",
             '\n');
    for (size_t i = 0; i < r->n_quotes; i++) {
        const fel_calibration_quote *q = &r->quotes[i];
        csv_count(&out, q->row > 0 ? (uint64_t)q->row : 0, ',');
        csv_word(&out, q->is_put ? "put" : "call", ',');
        csv_number(&out, q->t_years, ',');
        csv_number(&out, q->strike, ',');
        csv_number(&out, q->forward, ',');
        csv_number(&out, q->discount, ',');
        csv_number(&out, q->market_vol, ',');
        csv_number(&out, q->bid_vol, ',');
        csv_number(&out, q->ask_vol, ',');
        csv_number(&out, q->model_vol, ',');
        csv_number(&out, vol_points(q), ',');
        csv_number(&out, q->market_price, ',');
        csv_number(&out, q->model_price, ',');
        csv_number(&out, q->residual, ',');
        csv_number(&out, q->weight, '\n');
    }
    text_out_flush(&out);
    return FEL_OK;
}
